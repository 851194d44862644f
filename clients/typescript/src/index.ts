/**
 * The client of cesura, which splits Italian news articles into blocks, units and sentences that are
 * ready for translation. `@cesura-nlp/client/node` connects programs, `@cesura-nlp/client/web` pages;
 * this module holds what both share, with every generated type.
 *
 * Offsets count UTF-16 code units, as `text.slice(span.start, span.end)` does, in everything that
 * `eventsOf` and `segmentsOf` ask for. In requests of your own set
 * `options: { offsetEncoding: OffsetEncoding.UTF16 }`: the default of the service is bytes of UTF-8.
 */
export * from "../gen/cesura/v1/alignment_service_pb.js";
export * from "../gen/cesura/v1/comparison_service_pb.js";
export * from "../gen/cesura/v1/document_pb.js";
export * from "../gen/cesura/v1/exchange_service_pb.js";
export * from "../gen/cesura/v1/segmentation_service_pb.js";
export { type Clients, clients } from "./clients.js";
export {
  type DocumentChoices,
  eventsOf,
  IncompleteAnswer,
  type Piece,
  pieces,
  type SegmentInUnit,
  segmentsOf,
} from "./document.js";
export { failureOf, failureOfStatus, type Failure } from "./failure.js";
export { retryUnavailable } from "./retry.js";
