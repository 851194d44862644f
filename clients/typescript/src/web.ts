/** Connects pages: gRPC-Web. */
import { createGrpcWebTransport, type GrpcWebTransportOptions } from "@connectrpc/connect-web";
import { type Clients, clients, TIMEOUT_MS } from "./clients.js";
import { retryUnavailable } from "./retry.js";

/**
 * Clients of the server at `url`, for example `http://127.0.0.1:50051`. It has to run with
 * `--grpc-web`, and with the origin of the page in `--grpc-web-origins`. Everything but
 * SegmentChunks and SegmentDocuments can be called. `options` go before the defaults.
 */
export function connect(url: string, options: Partial<GrpcWebTransportOptions> = {}): Clients {
  return clients(
    createGrpcWebTransport({
      defaultTimeoutMs: TIMEOUT_MS,
      ...options,
      baseUrl: url,
      interceptors: [retryUnavailable, ...(options.interceptors ?? [])],
    }),
  );
}
