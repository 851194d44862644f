package io.cesura.client;

import io.cesura.v1.DocumentEvent;
import io.cesura.v1.Span;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A stretch of a document with what it says.
 *
 * @param span where it stands
 * @param text what stands there
 */
public record Piece(Span span, String text) {
  /**
   * The skeleton, or the segments and ignorables, of an event in their order. Those of all events, joined, are the
   * document.
   */
  public static List<Piece> of(DocumentEvent event) {
    if (event.hasSkeleton()) {
      return List.of(new Piece(event.getSkeleton().getSpan(), event.getSkeleton().getText()));
    }
    Stream<Piece> segments = event.getUnit().getSegmentsList().stream().map(s -> new Piece(s.getSpan(), s.getText()));
    Stream<Piece> ignorables =
        event.getUnit().getIgnorablesList().stream().map(i -> new Piece(i.getSpan(), i.getText()));
    return Stream.concat(segments, ignorables)
        .sorted(Comparator.comparingInt(piece -> piece.span().getStart()))
        .toList();
  }
}
