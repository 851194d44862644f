package io.cesura.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.cesura.v1.DetectLanguageRequest;
import io.cesura.v1.DetectLanguageResponse;
import io.cesura.v1.DocumentEvent;
import io.cesura.v1.DocumentStart;
import io.cesura.v1.DocumentTail;
import io.cesura.v1.OffsetEncoding;
import io.cesura.v1.SegmentChunksRequest;
import io.cesura.v1.SegmentChunksResponse;
import io.cesura.v1.SegmentationServiceGrpc.SegmentationServiceImplBase;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CesuraClientTest {
  private final Scripted script = new Scripted();
  private Server server;
  private CesuraClient client;

  /** A server that says what a test wants to hear. */
  private static final class Scripted extends SegmentationServiceImplBase {
    final AtomicInteger calls = new AtomicInteger();
    final List<SegmentChunksRequest> sent = new ArrayList<>();
    final CountDownLatch cancelled = new CountDownLatch(1);
    int unavailable;
    StatusRuntimeException refusal;
    boolean tail = true;
    int answersPerChunk;

    @Override
    public void detectLanguage(DetectLanguageRequest request, StreamObserver<DetectLanguageResponse> answer) {
      if (calls.incrementAndGet() <= unavailable) {
        answer.onError(Status.UNAVAILABLE.asRuntimeException());
      } else if (refusal != null) {
        answer.onError(refusal);
      } else {
        answer.onNext(DetectLanguageResponse.getDefaultInstance());
        answer.onCompleted();
      }
    }

    @Override
    public StreamObserver<SegmentChunksRequest> segmentChunks(StreamObserver<SegmentChunksResponse> answer) {
      return new StreamObserver<>() {
        @Override
        public void onNext(SegmentChunksRequest request) {
          sent.add(request);
          for (int i = 0; i < answersPerChunk; i++) {
            answer.onNext(events(DocumentEvent.getDefaultInstance()));
          }
        }

        @Override
        public void onError(Throwable error) {
          cancelled.countDown();
        }

        @Override
        public void onCompleted() {
          if (tail) {
            answer.onNext(events(DocumentEvent.newBuilder().setTail(DocumentTail.getDefaultInstance()).build()));
          }
          answer.onCompleted();
        }
      };
    }

    private static SegmentChunksResponse events(DocumentEvent event) {
      return SegmentChunksResponse.newBuilder().addEvents(event).build();
    }
  }

  @BeforeEach
  void start() throws IOException {
    String name = InProcessServerBuilder.generateName();
    server = InProcessServerBuilder.forName(name).addService(script).build().start();
    client = CesuraClient.connect(InProcessChannelBuilder.forName(name));
  }

  @AfterEach
  void stop() {
    client.close();
    server.shutdownNow();
  }

  private static InputStream bytes(int count) {
    return new ByteArrayInputStream(new byte[count]);
  }

  private static int drain(DocumentEvents events) {
    int count = 0;
    while (events.hasNext()) {
      events.next();
      count++;
    }
    return count;
  }

  @Test
  void errorsHaveReasonFieldsAndFacts() {
    script.refusal =
        StatusProto.toStatusRuntimeException(
            com.google.rpc.Status.newBuilder()
                .setCode(Code.INVALID_ARGUMENT.value())
                .setMessage("texts: none")
                .addDetails(
                    Any.pack(ErrorInfo.newBuilder().setReason("NO_TEXTS").putMetadata("texts_max", "7").build()))
                .addDetails(
                    Any.pack(
                        BadRequest.newBuilder()
                            .addFieldViolations(
                                BadRequest.FieldViolation.newBuilder().setField("texts").setDescription("none"))
                            .build()))
                .addDetails(
                    Any.pack(
                        RetryInfo.newBuilder()
                            .setRetryDelay(com.google.protobuf.Duration.newBuilder().setNanos(250_000_000))
                            .build()))
                .build());
    StatusRuntimeException thrown =
        assertThrows(
            StatusRuntimeException.class,
            () -> client.segmentation().detectLanguage(DetectLanguageRequest.getDefaultInstance()));
    CesuraException error = CesuraException.of(thrown);
    assertEquals(Code.INVALID_ARGUMENT, error.code());
    assertEquals("NO_TEXTS", error.reason());
    assertEquals(List.of(new CesuraException.Field("texts", "none")), error.fields());
    assertEquals("7", error.facts().get("texts_max"));
    assertEquals(Duration.ofMillis(250), error.retryAfter().orElseThrow());
    assertEquals("texts: none", error.getMessage());
  }

  @Test
  void unavailableIsTriedAgain() {
    script.unavailable = 2;
    client.segmentation().detectLanguage(DetectLanguageRequest.getDefaultInstance());
    assertEquals(3, script.calls.get());
  }

  @Test
  void documentsAreSentWholeWithTheirEnd() {
    try (DocumentEvents events = client.events(bytes(100_000), DocumentStart.getDefaultInstance())) {
      assertEquals(1, drain(events));
    }
    SegmentChunksRequest start = script.sent.get(0);
    assertEquals(OffsetEncoding.OFFSET_ENCODING_UTF16, start.getStart().getOptions().getOffsetEncoding());
    assertEquals(100_000, script.sent.stream().mapToInt(request -> request.getChunk().size()).sum());
    assertTrue(script.sent.get(script.sent.size() - 1).hasEnd());
  }

  @Test
  void neitherSideBlocksTheOther() {
    script.answersPerChunk = 200;
    try (DocumentEvents events = client.events(bytes(5 << 20), DocumentStart.getDefaultInstance())) {
      // One chunk is 64 KiB; start and end are answered, too.
      assertEquals(script.answersPerChunk * (80 + 2) + 1, drain(events));
    }
  }

  @Test
  void answersWithoutTailAreNotWhole() {
    script.tail = false;
    try (DocumentEvents events = client.events(bytes(1), DocumentStart.getDefaultInstance())) {
      CesuraException error = assertThrows(CesuraException.class, () -> drain(events));
      assertEquals(Code.DATA_LOSS, error.code());
      assertFalse(events.hasNext());
    }
  }

  @Test
  void sourcesThatFailCancelTheCall() throws InterruptedException {
    IOException cause = new IOException("disk on fire");
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw cause;
          }
        };
    try (DocumentEvents events = client.events(broken, DocumentStart.getDefaultInstance())) {
      UncheckedIOException thrown = assertThrows(UncheckedIOException.class, () -> drain(events));
      assertSame(cause, thrown.getCause());
    }
    assertTrue(script.cancelled.await(10, TimeUnit.SECONDS));
    assertFalse(script.sent.stream().anyMatch(SegmentChunksRequest::hasEnd));
  }

  /** Against the server at CESURA_ADDRESS, which .ci/clients/java starts. */
  @Test
  void theServiceItself() {
    String address = System.getenv("CESURA_ADDRESS");
    Assumptions.assumeTrue(address != null, "CESURA_ADDRESS is not set");
    String text = "Il dott. Rossi è qui. 😀 Poi esce.";
    try (CesuraClient live = CesuraClient.connect(address)) {
      InputStream source = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
      try (Stream<SegmentInUnit> segments = live.segments(source)) {
        segments.forEach(
            found -> {
              int start = found.segment().getSpan().getStart();
              int end = found.segment().getSpan().getEnd();
              assertEquals(found.segment().getText(), text.substring(start, end));
            });
      }
      DocumentStart klingon = DocumentStart.newBuilder().setCharset("klingon").build();
      try (DocumentEvents events = live.events(bytes(1), klingon)) {
        CesuraException error = assertThrows(CesuraException.class, () -> drain(events));
        assertEquals("UNKNOWN_CHARSET", error.reason());
        assertEquals("start.charset", error.fields().get(0).path());
      }
    }
  }
}
