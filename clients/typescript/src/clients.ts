import { type Client, createClient, type Transport } from "@connectrpc/connect";
import { AlignmentService } from "../gen/cesura/v1/alignment_service_pb.js";
import { ComparisonService } from "../gen/cesura/v1/comparison_service_pb.js";
import { ExchangeService } from "../gen/cesura/v1/exchange_service_pb.js";
import { SegmentationService } from "../gen/cesura/v1/segmentation_service_pb.js";

/** A client for each part of the service. */
export interface Clients {
  /** Splits documents, detects languages, lists rules and limits. */
  readonly segmentation: Client<typeof SegmentationService>;
  /** Aligns a text with its translation. */
  readonly alignment: Client<typeof AlignmentService>;
  /** Finds what several articles have in common. */
  readonly comparison: Client<typeof ComparisonService>;
  /** Writes XLIFF, TMX and other formats, and puts translations back. */
  readonly exchange: Client<typeof ExchangeService>;
}

/** Clients over any transport; `connect` of `./node` and `./web` make one that fits the service. */
export function clients(transport: Transport): Clients {
  return {
    segmentation: createClient(SegmentationService, transport),
    alignment: createClient(AlignmentService, transport),
    comparison: createClient(ComparisonService, transport),
    exchange: createClient(ExchangeService, transport),
  };
}

/** Milliseconds that a call may take unless it says otherwise; that of uploads is their own affair. */
export const TIMEOUT_MS = 120_000;
