package io.cesura.client;

import io.cesura.v1.Segment;
import io.cesura.v1.Unit;

/**
 * A segment with the unit that it stands in.
 *
 * @param segment the sentence, headline, …
 * @param unit the block, which says what it is and whether it is to be translated
 */
public record SegmentInUnit(Segment segment, Unit unit) {}
