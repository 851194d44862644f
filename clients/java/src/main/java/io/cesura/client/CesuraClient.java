package io.cesura.client;

import io.cesura.v1.AlignmentServiceGrpc;
import io.cesura.v1.AlignmentServiceGrpc.AlignmentServiceBlockingStub;
import io.cesura.v1.ComparisonServiceGrpc;
import io.cesura.v1.ComparisonServiceGrpc.ComparisonServiceBlockingStub;
import io.cesura.v1.DocumentEvent;
import io.cesura.v1.DocumentStart;
import io.cesura.v1.ExchangeServiceGrpc;
import io.cesura.v1.ExchangeServiceGrpc.ExchangeServiceBlockingStub;
import io.cesura.v1.SegmentationServiceGrpc;
import io.cesura.v1.SegmentationServiceGrpc.SegmentationServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A connection to the service, with deadlines, retries and sizes that fit it. It may be used by many threads.
 *
 * <pre>{@code
 * try (CesuraClient client = CesuraClient.connect("127.0.0.1:50051");
 *     InputStream article = Files.newInputStream(path);
 *     Stream<SegmentInUnit> segments = client.segments(article)) {
 *   segments.filter(s -> s.unit().getTranslatable()).forEach(s -> System.out.println(s.segment().getText()));
 * }
 * }</pre>
 *
 * <p>{@link #segments} and {@link #events} give offsets in UTF-16, as {@link String#substring(int, int)} counts.
 * In requests of your own set {@code OFFSET_ENCODING_UTF16}: the default of the service is bytes of UTF-8. What
 * the stubs throw, {@link CesuraException#of} reads.
 */
public final class CesuraClient implements AutoCloseable {
  /** Twice the longest message of the service: a unit with all explanations may take 4,000,000. */
  private static final int RESPONSE_BYTES_MAX = 8 << 20;

  private static final int CLOSE_SECONDS = 5;

  private final ManagedChannel channel;

  private CesuraClient(ManagedChannel channel) {
    this.channel = channel;
  }

  /**
   * A client of the server at {@code target}, for example {@code 127.0.0.1:50051}, in clear text, for the server has
   * no TLS of its own. It connects with the first call.
   */
  public static CesuraClient connect(String target) {
    return connect(ManagedChannelBuilder.forTarget(target).usePlaintext());
  }

  /**
   * A client over a channel of your own making, for example with TLS to a proxy. Retries, deadlines, sizes and
   * keepalive are set here: calls may take 120 s, the chunked and the bulk method aside, and are tried four times
   * while the server says UNAVAILABLE.
   */
  public static CesuraClient connect(ManagedChannelBuilder<?> builder) {
    return new CesuraClient(
        builder
            .defaultServiceConfig(serviceConfig())
            .enableRetry()
            .maxInboundMessageSize(RESPONSE_BYTES_MAX)
            // A connection whose other end is gone is noticed in the middle of a call.
            .keepAliveTime(30, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .build());
  }

  /** Splits documents, detects languages, lists rules and limits. */
  public SegmentationServiceBlockingStub segmentation() {
    return SegmentationServiceGrpc.newBlockingStub(channel);
  }

  /** Aligns a text with its translation. */
  public AlignmentServiceBlockingStub alignment() {
    return AlignmentServiceGrpc.newBlockingStub(channel);
  }

  /** Finds what several articles have in common. */
  public ComparisonServiceBlockingStub comparison() {
    return ComparisonServiceGrpc.newBlockingStub(channel);
  }

  /** Writes XLIFF, TMX and other formats, and puts translations back. */
  public ExchangeServiceBlockingStub exchange() {
    return ExchangeServiceGrpc.newBlockingStub(channel);
  }

  /** The channel, for stubs of other kinds. */
  public ManagedChannel channel() {
    return channel;
  }

  /**
   * What the service says of the document in {@code source}, while it is read; its length does not matter. The
   * source is not closed.
   *
   * @param source the document
   * @param start its name, character set and options; offsets count UTF-16 unless it says otherwise
   */
  public DocumentEvents events(InputStream source, DocumentStart start) {
    return new DocumentEvents(channel, source, start);
  }

  /**
   * The segments of a document in UTF-8, in order, as soon as they are settled.
   *
   * @see #segments(InputStream, DocumentStart)
   */
  public Stream<SegmentInUnit> segments(InputStream source) {
    return segments(source, DocumentStart.getDefaultInstance());
  }

  /**
   * The segments of a document, in order, as soon as they are settled. Closing the stream cancels the call. Fails as
   * {@link DocumentEvents} do.
   */
  public Stream<SegmentInUnit> segments(InputStream source, DocumentStart start) {
    DocumentEvents events = events(source, start);
    int traits = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(events, traits), false)
        .filter(DocumentEvent::hasUnit)
        .map(DocumentEvent::getUnit)
        .flatMap(unit -> unit.getSegmentsList().stream().map(segment -> new SegmentInUnit(segment, unit)))
        .onClose(events::close);
  }

  /** Ends the connection: open calls get five seconds to finish, then they are cut. */
  @Override
  public void close() {
    channel.shutdown();
    try {
      if (!channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        channel.shutdownNow();
      }
    } catch (InterruptedException interrupted) {
      channel.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Only UNAVAILABLE, before the first answer, is tried again. The same document gets the same answer, so sending it
   * twice does no harm. Calls whose length is the caller's own affair have no deadline here.
   */
  private static Map<String, ?> serviceConfig() {
    Map<String, ?> retries =
        Map.of(
            "maxAttempts", 4.0,
            "initialBackoff", "0.2s",
            "maxBackoff", "3s",
            "backoffMultiplier", 2.0,
            "retryableStatusCodes", List.of("UNAVAILABLE"));
    String segmentation = SegmentationServiceGrpc.SERVICE_NAME;
    List<Map<String, String>> bounded =
        List.of(
            Map.of("service", segmentation),
            Map.of("service", AlignmentServiceGrpc.SERVICE_NAME),
            Map.of("service", ComparisonServiceGrpc.SERVICE_NAME),
            Map.of("service", ExchangeServiceGrpc.SERVICE_NAME));
    List<Map<String, String>> unbounded =
        List.of(
            Map.of("service", segmentation, "method", "SegmentChunks"),
            Map.of("service", segmentation, "method", "SegmentDocuments"));
    return Map.of(
        "methodConfig",
        List.of(
            Map.of("name", bounded, "timeout", "120s", "retryPolicy", retries),
            Map.of("name", unbounded, "retryPolicy", retries)));
  }
}
