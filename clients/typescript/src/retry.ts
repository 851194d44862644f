import { Code, ConnectError, type Interceptor, type StreamResponse } from "@connectrpc/connect";

/** Tries of a call, the first among them. */
const TRIES = 4;
/** Milliseconds before the second try; each further pause is twice as long. */
const PAUSE_MS = 200;

/**
 * Tries calls again while the server, or the way to it, is UNAVAILABLE and nothing was answered yet.
 * The same document gets the same answer, so sending it twice does no harm. Uploads in pieces are
 * not tried again: their pieces are gone.
 */
export const retryUnavailable: Interceptor = (next) => async (request) => {
  if (request.stream && request.method.methodKind !== "server_streaming") {
    return next(request);
  }
  const messages: unknown[] = [];
  if (request.stream) {
    for await (const message of request.message) messages.push(message);
  }
  for (let tries = 1; ; tries += 1) {
    try {
      if (!request.stream) {
        return await next(request);
      }
      const message = replay(messages) as typeof request.message;
      const response = await next({ ...request, message });
      return response.stream ? await begun(response) : response;
    } catch (error) {
      if (tries === TRIES || ConnectError.from(error).code !== Code.Unavailable) {
        throw error;
      }
      await pause(PAUSE_MS * 2 ** (tries - 1), request.signal);
    }
  }
};

async function* replay<T>(messages: readonly T[]): AsyncIterable<T> {
  yield* messages;
}

/** The response once its first message is there: a refusal may come in its place. */
async function begun(response: StreamResponse): Promise<StreamResponse> {
  const rest = response.message[Symbol.asyncIterator]();
  const first = await rest.next();
  async function* message() {
    try {
      for (let step = first; step.done !== true; step = await rest.next()) {
        yield step.value;
      }
    } finally {
      await rest.return?.();
    }
  }
  return { ...response, message: message() };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(ConnectError.from(signal.reason, Code.Canceled));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
}
