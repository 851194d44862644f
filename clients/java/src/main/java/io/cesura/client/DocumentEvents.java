package io.cesura.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.cesura.v1.DocumentEnd;
import io.cesura.v1.DocumentEvent;
import io.cesura.v1.DocumentStart;
import io.cesura.v1.OffsetEncoding;
import io.cesura.v1.SegmentChunksRequest;
import io.cesura.v1.SegmentChunksResponse;
import io.cesura.v1.SegmentationServiceGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the service says of one document: a head, units and skeletons as soon as they are settled, a tail. The document
 * is read and sent as the events are asked for, by the thread that asks; no other is needed.
 *
 * <p>{@code hasNext} and {@code next} throw {@link CesuraException} where the call failed, and {@link
 * UncheckedIOException} where the document could not be read; then the call is cancelled, and nothing takes half the
 * document for the whole. An answer that ends without a tail is a failure with the code DATA_LOSS.
 */
public final class DocumentEvents implements Iterator<DocumentEvent>, AutoCloseable {
  /** Bytes of a chunk: well below every limit, and so long that the frames cost nothing. */
  private static final int CHUNK_BYTES = 64 << 10;

  /** Time for which one side waits before the other gets its turn: neither may block both. */
  private static final long TURN_MS = 20;

  private final BlockingClientCall<SegmentChunksRequest, SegmentChunksResponse> call;
  private final InputStream source;
  private final Queue<DocumentEvent> ready = new ArrayDeque<>();
  private SegmentChunksRequest unsent;
  private boolean sent;
  private boolean whole;
  private boolean over;

  DocumentEvents(Channel channel, InputStream source, DocumentStart start) {
    this.call = SegmentationServiceGrpc.newBlockingV2Stub(channel).segmentChunks();
    this.source = source;
    DocumentStart.Builder own = start.toBuilder();
    if (own.getOptions().getOffsetEncoding() == OffsetEncoding.OFFSET_ENCODING_UNSPECIFIED) {
      own.getOptionsBuilder().setOffsetEncoding(OffsetEncoding.OFFSET_ENCODING_UTF16);
    }
    this.unsent = SegmentChunksRequest.newBuilder().setStart(own).build();
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && !over) {
      try {
        step();
      } catch (IOException error) {
        stop("the document could not be read", error);
        throw new UncheckedIOException(error);
      } catch (StatusException error) {
        over = true;
        throw CesuraException.of(error);
      } catch (InterruptedException interrupted) {
        stop("interrupted", interrupted);
        Thread.currentThread().interrupt();
        throw CesuraException.of(Status.CANCELLED.withDescription("interrupted").asException());
      }
    }
    return !ready.isEmpty();
  }

  @Override
  public DocumentEvent next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }

  /** Cancels the call if it is not over. */
  @Override
  public void close() {
    if (!over) {
      stop("closed", null);
    }
  }

  private void stop(String why, Throwable cause) {
    over = true;
    call.cancel(why, cause);
  }

  /** Sends the next chunk, if there is one, and takes what has come; once all is sent, waits for more. */
  private void step() throws IOException, StatusException, InterruptedException {
    if (!sent) {
      send();
    }
    try {
      take(sent ? call.read() : call.read(0, TimeUnit.MILLISECONDS));
    } catch (TimeoutException nothing) {
      // The next chunk may settle something.
    }
  }

  private void send() throws IOException, StatusException, InterruptedException {
    try {
      boolean open = call.write(unsent, TURN_MS, TimeUnit.MILLISECONDS);
      sent = !open || unsent.hasEnd();
      if (!sent) {
        unsent = following();
      } else if (open) {
        call.halfClose();
      }
      // Where the call is over, reading says how.
    } catch (TimeoutException full) {
      // The server does not read on until its answers are read.
    }
  }

  private SegmentChunksRequest following() throws IOException {
    byte[] bytes = source.readNBytes(CHUNK_BYTES);
    if (bytes.length == 0) {
      return SegmentChunksRequest.newBuilder().setEnd(DocumentEnd.getDefaultInstance()).build();
    }
    // The array is not used for anything else.
    ByteString chunk = UnsafeByteOperations.unsafeWrap(bytes);
    return SegmentChunksRequest.newBuilder().setChunk(chunk).build();
  }

  private void take(SegmentChunksResponse response) throws StatusException {
    if (response == null) {
      over = true;
      if (!whole) {
        throw Status.DATA_LOSS.withDescription("the answer ended without the tail of the document").asException();
      }
      return;
    }
    for (DocumentEvent event : response.getEventsList()) {
      whole |= event.hasTail();
      ready.add(event);
    }
  }
}
