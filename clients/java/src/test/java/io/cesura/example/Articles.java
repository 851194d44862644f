package io.cesura.example;

import io.cesura.client.CesuraClient;
import io.cesura.client.CesuraException;
import io.cesura.client.DocumentEvents;
import io.cesura.client.Piece;
import io.cesura.v1.CompareDocumentsRequest;
import io.cesura.v1.CompareDocumentsResponse;
import io.cesura.v1.ComparisonEvent;
import io.cesura.v1.ComparisonOptions;
import io.cesura.v1.DocumentEvent;
import io.cesura.v1.DocumentStart;
import io.cesura.v1.GivenText;
import io.cesura.v1.GroupMember;
import io.cesura.v1.OffsetEncoding;
import io.cesura.v1.SegmentationOptions;
import io.cesura.v1.SourceDocument;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Segments files, checks that nothing of them is lost, and says what they have in common. Exits with 1 where a check
 * fails.
 *
 * <pre>mvn compile test-compile exec:java -Dexec.args="127.0.0.1:50051 ../../seeds/…"</pre>
 */
public final class Articles {
  private Articles() {}

  public static void main(String[] arguments) {
    if (arguments.length < 2) {
      System.err.println("usage: Articles HOST:PORT FILE…");
      System.exit(2);
    }
    try (CesuraClient client = CesuraClient.connect(arguments[0])) {
      List<Path> paths = Arrays.stream(arguments).skip(1).map(Path::of).toList();
      for (Path path : paths) {
        segment(client, path);
      }
      compare(client, paths);
    } catch (CesuraException error) {
      System.err.println(error.code() + " " + error.reason() + " " + error.fields() + ": " + error.getMessage());
      System.exit(1);
    } catch (StatusRuntimeException error) {
      System.err.println(CesuraException.of(error).reason() + ": " + error.getMessage());
      System.exit(1);
    } catch (IOException | IllegalStateException error) {
      System.err.println(error);
      System.exit(1);
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }

  /** Streams a file to the server and checks the answer while it comes. */
  private static void segment(CesuraClient client, Path path) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    String source = new String(bytes, StandardCharsets.UTF_8);
    StringBuilder joined = new StringBuilder();
    int segments = 0;
    int translatable = 0;
    String name = path.getFileName().toString();
    DocumentStart start = DocumentStart.newBuilder().setDocumentId(name).build();
    try (InputStream file = Files.newInputStream(path);
        DocumentEvents events = client.events(file, start)) {
      while (events.hasNext()) {
        DocumentEvent event = events.next();
        for (Piece piece : Piece.of(event)) {
          int begins = piece.span().getStart();
          check(begins == joined.length(), "a piece begins at " + begins + ", not at " + joined.length());
          String text = source.substring(begins, piece.span().getEnd());
          check(text.equals(piece.text()), piece.span() + " is another text");
          joined.append(piece.text());
        }
        segments += event.getUnit().getSegmentsCount();
        translatable += event.getUnit().getTranslatable() ? event.getUnit().getSegmentsCount() : 0;
      }
    }
    byte[] back = joined.toString().getBytes(StandardCharsets.UTF_8);
    check(Arrays.equals(back, bytes), "the pieces, joined, are not the source");
    check(segments > 0, "no segments");
    System.out.printf(
        "%s: %d segments, %d to translate, %d UTF-16 units back byte for byte%n",
        name, segments, translatable, joined.length());
  }

  /** Says what the articles have in common, and checks where the server says it stands. */
  private static void compare(CesuraClient client, List<Path> paths) throws IOException {
    List<String> texts = new ArrayList<>();
    SegmentationOptions utf16 =
        SegmentationOptions.newBuilder().setOffsetEncoding(OffsetEncoding.OFFSET_ENCODING_UTF16).build();
    CompareDocumentsRequest.Builder request =
        CompareDocumentsRequest.newBuilder().setOptions(ComparisonOptions.newBuilder().setSegmentation(utf16));
    for (Path path : paths) {
      String text = Files.readString(path);
      texts.add(text);
      request.addDocuments(GivenText.newBuilder().setDocument(SourceDocument.newBuilder().setText(text)));
    }
    int groups = 0;
    int said = -1;
    Iterator<CompareDocumentsResponse> answer = client.comparison().compareDocuments(request.build());
    while (answer.hasNext()) {
      for (ComparisonEvent event : answer.next().getEventsList()) {
        said = event.hasTail() ? event.getTail().getGroupCount() : said;
        groups += event.hasGroup() ? 1 : 0;
        for (GroupMember member : event.getGroup().getMembersList()) {
          String text = texts.get(member.getDocument());
          String there = text.substring(member.getSpan().getStart(), member.getSpan().getEnd());
          check(there.equals(member.getText()), member.getSpan() + " does not hold its text");
        }
      }
    }
    check(said == groups, groups + " groups came, the tail says " + said);
    System.out.printf("%d articles have %d groups of segments in common%n", paths.size(), groups);
  }
}
