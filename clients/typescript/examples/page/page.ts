/**
 * A page that calls the service by gRPC-Web: `index.html?server=URL&article=PATH&other=PATH`. It shows
 * the segments of the article, checks that they are the article, and shows what the other one says
 * as well.
 */
import { Code } from "@connectrpc/connect";
import { eventsOf, failureOf, OffsetEncoding, pieces } from "../../src/index.js";
import { connect } from "../../src/web.js";

const parameters = new URLSearchParams(location.search);
const client = connect(parameters.get("server") ?? "http://127.0.0.1:50051");

async function article(parameter: string): Promise<string> {
  const response = await fetch(parameters.get(parameter) ?? "");
  if (!response.ok) throw new Error(`${parameter}: ${response.status}`);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await response.arrayBuffer());
}

/** Text goes into the page as text: whatever an article holds, none of it becomes HTML. */
function show(list: string, text: string, data: Record<string, string> = {}): void {
  const item = document.createElement("li");
  item.textContent = text;
  Object.assign(item.dataset, data);
  if (data["kind"] === "furniture") item.className = "furniture";
  document.getElementById(list)?.append(item);
}

function say(state: string): void {
  const output = document.getElementById("state");
  if (output) output.textContent = state;
}

async function segment(text: string): Promise<void> {
  let joined = "";
  for await (const event of eventsOf(client, text)) {
    joined += pieces(event).map((piece) => piece.text).join("");
    if (event.event.case !== "unit") continue;
    const kind = event.event.value.translatable ? "article" : "furniture";
    for (const { span, text: shown } of event.event.value.segments) {
      if (text.slice(span?.start, span?.end) !== shown) throw new Error("a span is wrong");
      show("segments", shown, { span: `${span?.start}-${span?.end}`, kind });
    }
  }
  if (joined !== text) throw new Error("the pieces, joined, are not the article");
}

async function compare(texts: readonly string[]): Promise<void> {
  const documents = texts.map((value) => ({
    text: { case: "document" as const, value: { source: { case: "text" as const, value } } },
  }));
  const options = { segmentation: { offsetEncoding: OffsetEncoding.UTF16 } };
  for await (const { events } of client.comparison.compareDocuments({ documents, options })) {
    for (const { event } of events) {
      if (event.case === "group") show("common", event.value.members[0]?.text ?? "");
    }
  }
}

/** A refusal reaches the page with its reason, though the call failed before its first message. */
async function refusal(): Promise<string> {
  try {
    await client.segmentation.detectLanguage({ texts: [] });
    return "none";
  } catch (error) {
    const { code, reason, fields } = failureOf(error);
    return `${Code[code]} ${reason} ${fields[0]?.path}`;
  }
}

try {
  const [text, other] = [await article("article"), await article("other")];
  await segment(text);
  await compare([text, other]);
  say(`whole; without texts: ${await refusal()}`);
} catch (error) {
  const { code, message } = failureOf(error);
  say(`failed: ${Code[code]}: ${message}`);
}
