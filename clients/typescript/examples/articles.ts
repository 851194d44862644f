/**
 * Segments files, checks that nothing of them is lost, and aligns the first one's opening with a
 * translation. Exits with 1 where a check fails.
 *
 *     node dist/examples/articles.js http://127.0.0.1:50051 ../../seeds/*.txt
 */
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { eventsOf, failureOf, OffsetEncoding, pieces, segmentsOf } from "../src/index.js";
import { connect } from "../src/node.js";

/** A check that did not hold. */
function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

/** Streams a file to the server and checks the answer while it comes. */
async function segment(client: ReturnType<typeof connect>, path: string): Promise<void> {
  const bytes = await readFile(path);
  // Not even the byte order mark may go.
  const source = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  let joined = "";
  let segments = 0;
  let translatable = 0;
  for await (const event of eventsOf(client, createReadStream(path), { id: basename(path) })) {
    for (const { span, text } of pieces(event)) {
      check(span?.start === joined.length, `a piece begins at ${span?.start}, not at ${joined.length}`);
      check(source.slice(span.start, span.end) === text, `${span.start} to ${span.end} is another text`);
      joined += text;
    }
    if (event.event.case !== "unit") continue;
    segments += event.event.value.segments.length;
    if (event.event.value.translatable) translatable += event.event.value.segments.length;
  }
  check(Buffer.from(joined).equals(bytes), "the pieces, joined, are not the source");
  check(segments > 0, "no segments");
  console.log(
    `${basename(path)}: ${segments} segments, ${translatable} to translate, ` +
      `${joined.length} UTF-16 units back byte for byte`,
  );
}

/** Aligns a text with its translation: each segment of either side is in one bead. */
async function align(client: ReturnType<typeof connect>): Promise<void> {
  const source = "Kim è a Mosca. Resta 3 giorni. «Grazie», dice 😀.";
  const target = "Kim is in Moscow. He stays for 3 days. “Thank you,” he says 😀.";
  const given = (value: string, languageCode: string) => ({
    text: { case: "document" as const, value: { source: { case: "text" as const, value }, languageCode } },
  });
  const answer = client.alignment.alignTexts({
    source: given(source, "it"),
    target: given(target, "en"),
    options: { segmentation: { offsetEncoding: OffsetEncoding.UTF16 } },
  });
  const beads: string[] = [];
  let tail = false;
  for await (const { events } of answer) {
    for (const { event } of events) {
      tail ||= event.case === "tail";
      if (event.case !== "bead") continue;
      const { source: from, target: to, confidence } = event.value;
      check(
        source.slice(from?.span?.start, from?.span?.end) === from?.texts.join(" ") &&
          target.slice(to?.span?.start, to?.span?.end) === to?.texts.join(" "),
        "a bead does not hold its texts",
      );
      beads.push(`${confidence.toFixed(2)} ${from.texts.join(" ")} = ${to.texts.join(" ")}`);
    }
  }
  check(tail && beads.length === 3, `${beads.length} beads in place of 3, or no tail`);
  console.log(beads.join("\n"));
}

/** A refusal names the field and says why. */
async function refusal(client: ReturnType<typeof connect>, path: string): Promise<void> {
  try {
    for await (const _ of segmentsOf(client, createReadStream(path), { charset: "klingon" })) break;
  } catch (error) {
    const { reason, fields } = failureOf(error);
    check(reason === "UNKNOWN_CHARSET" && fields[0]?.path === "start.charset", `reason ${reason}`);
    return;
  }
  throw new Error("klingon is no character set");
}

const [url, ...paths] = process.argv.slice(2);
if (url === undefined || paths.length === 0) {
  console.error("usage: node dist/examples/articles.js URL FILE…");
  process.exit(2);
}
try {
  const client = connect(url);
  for (const path of paths) await segment(client, path);
  await align(client);
  await refusal(client, paths[0] ?? "");
} catch (error) {
  console.error(failureOf(error).reason, error);
  process.exitCode = 1;
}
