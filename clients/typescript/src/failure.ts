import { type Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "../gen/google/rpc/error_details_pb.js";
import type { Status } from "../gen/google/rpc/status_pb.js";

/** What a call, or one document of many, failed with. */
export interface Failure {
  /** gRPC code, for example `Code.InvalidArgument`. */
  readonly code: Code;
  /** Stable and for programs, for example `UNKNOWN_CHARSET`. Empty where the server said none. */
  readonly reason: string;
  /** What was given and what is allowed. It never holds text of a document. */
  readonly message: string;
  /** Fields of the request that are wrong, for example `document.charset`. */
  readonly fields: readonly { readonly path: string; readonly description: string }[];
  /** The numbers of the message, for programs. */
  readonly facts: Readonly<Record<string, string>>;
  /** Milliseconds to wait before another try is worth it; `undefined`: it is not. */
  readonly retryAfterMs: number | undefined;
}

/**
 * Reads an error that a call threw. Any other error is read as one without reason.
 *
 * ```ts
 * try {
 *   await client.segmentation.detectLanguage({ texts: [] });
 * } catch (error) {
 *   const { reason, fields } = failureOf(error);
 * }
 * ```
 */
export function failureOf(error: unknown): Failure {
  const failed = ConnectError.from(error);
  const [info] = failed.findDetails(ErrorInfoSchema);
  const [retry] = failed.findDetails(RetryInfoSchema);
  const violations = failed.findDetails(BadRequestSchema).flatMap((bad) => bad.fieldViolations);
  const delay = retry?.retryDelay;
  return {
    code: failed.code,
    reason: info?.reason ?? "",
    message: failed.rawMessage,
    fields: violations.map(({ field, description }) => ({ path: field, description })),
    facts: info?.metadata ?? {},
    retryAfterMs: delay === undefined ? undefined : Number(delay.seconds) * 1000 + delay.nanos / 1e6,
  };
}

/** Reads the status of a document that failed inside SegmentDocuments; the others go on. */
export function failureOfStatus(status: Status): Failure {
  const failed = new ConnectError(status.message, status.code);
  for (const any of status.details) {
    for (const schema of [ErrorInfoSchema, BadRequestSchema, RetryInfoSchema]) {
      if (any.typeUrl.endsWith(`/${schema.typeName}`)) {
        failed.details.push({ type: schema.typeName, value: any.value });
      }
    }
  }
  return failureOf(failed);
}
