package io.cesura.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a call, or one document of many, failed with.
 *
 * <pre>{@code
 * try {
 *   client.segmentation().detectLanguage(request);
 * } catch (StatusRuntimeException error) {
 *   String reason = CesuraException.of(error).reason();
 * }
 * }</pre>
 */
public final class CesuraException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Status status;
  private final transient List<Field> fields;
  private final transient Optional<Duration> retryAfter;
  private final transient ErrorInfo info;

  /**
   * A field of the request that is wrong.
   *
   * @param path where it stands, for example {@code options.no_break_forms[2]}
   * @param description what is wrong with it
   */
  public record Field(String path, String description) {}

  private CesuraException(Status status, Throwable cause) {
    super(status.getMessage(), cause);
    this.status = status;
    this.info = detail(status, ErrorInfo.class, ErrorInfo.getDefaultInstance());
    BadRequest bad = detail(status, BadRequest.class, BadRequest.getDefaultInstance());
    List<Field> found = new ArrayList<>();
    bad.getFieldViolationsList().forEach(v -> found.add(new Field(v.getField(), v.getDescription())));
    this.fields = List.copyOf(found);
    RetryInfo retry = detail(status, RetryInfo.class, RetryInfo.getDefaultInstance());
    this.retryAfter =
        Optional.of(retry.getRetryDelay())
            .filter(delay -> retry.hasRetryDelay())
            .map(delay -> Duration.ofSeconds(delay.getSeconds(), delay.getNanos()));
  }

  /** Reads what a stub threw. */
  public static CesuraException of(StatusRuntimeException error) {
    return new CesuraException(read(error), error);
  }

  /** Reads what a stub threw. */
  public static CesuraException of(StatusException error) {
    return new CesuraException(read(error), error);
  }

  /** Reads the status of a document that failed inside SegmentDocuments; the others go on. */
  public static CesuraException of(Status status) {
    return new CesuraException(status, null);
  }

  /** The gRPC code. */
  public Code code() {
    return io.grpc.Status.fromCodeValue(status.getCode()).getCode();
  }

  /**
   * Stable and for programs, for example {@code UNKNOWN_CHARSET}. Empty where the server said none, as for errors of
   * the connection.
   */
  public String reason() {
    return info.getReason();
  }

  /** The fields of the request that are wrong. */
  public List<Field> fields() {
    return fields;
  }

  /** The numbers of the message, for programs. */
  public Map<String, String> facts() {
    return info.getMetadataMap();
  }

  /** How long to wait before the call is worth another try; empty: it is not. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }

  private static Status read(Throwable error) {
    Status found = StatusProto.fromThrowable(error);
    return found == null ? Status.newBuilder().setCode(Code.UNKNOWN.value()).build() : found;
  }

  private static <M extends com.google.protobuf.Message> M detail(Status status, Class<M> type, M otherwise) {
    for (Any any : status.getDetailsList()) {
      if (any.is(type)) {
        try {
          return any.unpack(type);
        } catch (InvalidProtocolBufferException unreadable) {
          // Details are an addition: code and message still say what happened.
          return otherwise;
        }
      }
    }
    return otherwise;
  }
}
