import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type DocumentEvent,
  type Ignorable,
  OffsetEncoding,
  type Segment,
  type SegmentationOptionsSchema,
  type Skeleton,
  type Unit,
} from "../gen/cesura/v1/document_pb.js";
import type { SegmentChunksRequestSchema } from "../gen/cesura/v1/segmentation_service_pb.js";
import type { Clients } from "./clients.js";

/** Bytes of a chunk: well below every limit, and so long that the frames cost nothing. */
const CHUNK_BYTES = 256 * 1024;

/** How a document is read. All may be left out. */
export interface DocumentChoices {
  /** Your own name of the document, at most 512 bytes; the head gives it back. */
  readonly id?: string;
  /** WHATWG label of the character set of bytes, for example `windows-1252`. Left out: UTF-8. */
  readonly charset?: string;
  /** Choices for its segmentation. Offsets count UTF-16 code units unless it says otherwise. */
  readonly options?: MessageInitShape<typeof SegmentationOptionsSchema>;
  /** Ends the call when it is aborted. */
  readonly signal?: AbortSignal;
}

/** A segment with the unit that it stands in, which says whether it is to be translated. */
export interface SegmentInUnit {
  readonly segment: Segment;
  readonly unit: Unit;
}

/** A stretch of a document with what it says. */
export type Piece = Segment | Ignorable | Skeleton;

/** An answer ended without the tail of its document: it is not whole. */
export class IncompleteAnswer extends Error {
  override readonly name = "IncompleteAnswer";

  constructor() {
    super("the answer ended without the tail of the document");
  }
}

/**
 * What the service says of a document: a head, units and skeletons as soon as they are settled, a
 * tail. A string is sent whole and has to be below `Limits.documentBytesMax`. Bytes are sent while
 * they are read, whatever their length; pages cannot do that, for browsers do not stream requests.
 * Leaving the loop cancels the call.
 *
 * ```ts
 * for await (const event of eventsOf(client, createReadStream("article.txt"))) {
 *   if (event.event.case === "unit") console.log(event.event.value.kind);
 * }
 * ```
 *
 * @throws ConnectError (see `failureOf`), errors of `source`, `IncompleteAnswer`
 */
export async function* eventsOf(
  client: Pick<Clients, "segmentation">,
  source: string | AsyncIterable<Uint8Array>,
  choices: DocumentChoices = {},
): AsyncGenerator<DocumentEvent, void, undefined> {
  const leaving = new AbortController();
  const signals = choices.signal ? [choices.signal, leaving.signal] : [leaving.signal];
  const signal = AbortSignal.any(signals);
  const options = { offsetEncoding: OffsetEncoding.UTF16, ...choices.options };
  const documentId = choices.id ?? "";
  // The call would only say that its request ended early.
  let broken: { cause: unknown } | undefined;
  async function* noting(bytes: AsyncIterable<Uint8Array>) {
    try {
      yield* bytes;
    } catch (cause) {
      broken = { cause };
      throw cause;
    }
  }
  const responses =
    typeof source === "string"
      ? client.segmentation.segmentDocument(
          { document: { documentId, source: { case: "text", value: source } }, options },
          { signal },
        )
      : client.segmentation.segmentChunks(
          upload(noting(source), { documentId, charset: choices.charset ?? "", options }),
          // An upload takes as long as its source; the server ends it when it falls silent.
          { signal, timeoutMs: 0 },
        );
  let whole = false;
  try {
    for await (const { events } of responses) {
      for (const event of events) {
        whole ||= event.event.case === "tail";
        yield event;
      }
    }
  } catch (error) {
    throw broken === undefined ? error : broken.cause;
  } finally {
    leaving.abort();
  }
  if (!whole) throw new IncompleteAnswer();
}

/**
 * The segments of a document in order, as soon as they are settled. Fails as `eventsOf` does.
 *
 * ```ts
 * for await (const { segment, unit } of segmentsOf(client, "Il dott. Rossi è qui. Poi esce.")) {
 *   if (unit.translatable) console.log(segment.text);
 * }
 * ```
 */
export async function* segmentsOf(
  client: Pick<Clients, "segmentation">,
  source: string | AsyncIterable<Uint8Array>,
  choices: DocumentChoices = {},
): AsyncGenerator<SegmentInUnit, void, undefined> {
  for await (const { event } of eventsOf(client, source, choices)) {
    if (event.case !== "unit") continue;
    for (const segment of event.value.segments) yield { segment, unit: event.value };
  }
}

/**
 * The skeleton, or the segments and ignorables, of an event in their order. Those of all events,
 * joined, are the document.
 */
export function pieces({ event }: DocumentEvent): Piece[] {
  switch (event.case) {
    case "skeleton":
      return [event.value];
    case "unit": {
      const parts: Piece[] = [...event.value.segments, ...event.value.ignorables];
      return parts.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
    }
    default:
      return [];
  }
}

async function* upload(
  source: AsyncIterable<Uint8Array>,
  start: { documentId: string; charset: string; options: DocumentChoices["options"] & object },
): AsyncGenerator<MessageInitShape<typeof SegmentChunksRequestSchema>> {
  yield { item: { case: "start", value: start } };
  for await (const bytes of source) {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      yield { item: { case: "chunk", value: bytes.subarray(at, at + CHUNK_BYTES) } };
    }
  }
  // Without this the document would count as abandoned: a source that fails never gets here.
  yield { item: { case: "end", value: {} } };
}
