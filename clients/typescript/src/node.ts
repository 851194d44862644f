/** Connects programs: gRPC over HTTP/2. */
import { createGrpcTransport, type GrpcTransportOptions } from "@connectrpc/connect-node";
import { type Clients, clients, TIMEOUT_MS } from "./clients.js";
import { retryUnavailable } from "./retry.js";

/** Twice the longest message of the service: a unit with all explanations may take 4,000,000. */
const RESPONSE_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Clients of the server at `url`, for example `http://127.0.0.1:50051`; they connect with the first
 * call. Calls may take 120 s unless they say otherwise (`timeoutMs`), and are tried four times while
 * the server is UNAVAILABLE. `options` go before the defaults.
 */
export function connect(url: string, options: Partial<GrpcTransportOptions> = {}): Clients {
  return clients(
    createGrpcTransport({
      defaultTimeoutMs: TIMEOUT_MS,
      readMaxBytes: RESPONSE_BYTES_MAX,
      // A connection whose other end is gone is noticed in the middle of a call.
      pingIntervalMs: 30_000,
      pingTimeoutMs: 10_000,
      ...options,
      baseUrl: url,
      interceptors: [retryUnavailable, ...(options.interceptors ?? [])],
    }),
  );
}
