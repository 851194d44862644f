import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport, type ServiceImpl } from "@connectrpc/connect";
import {
  clients,
  DocumentEventSchema,
  eventsOf,
  failureOf,
  failureOfStatus,
  IncompleteAnswer,
  OffsetEncoding,
  pieces,
  retryUnavailable,
  segmentsOf,
  SegmentationService,
} from "../src/index.js";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "../gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../gen/google/rpc/status_pb.js";
import { anyPack } from "@bufbuild/protobuf/wkt";

/** A server in memory that says what a test wants to hear. */
function scripted(script: Partial<ServiceImpl<typeof SegmentationService>>) {
  const transport = createRouterTransport((router) => router.service(SegmentationService, script), {
    transport: { interceptors: [retryUnavailable] },
  });
  return clients(transport);
}

const TAIL = { events: [{ event: { case: "tail" as const, value: {} } }] };

test("a failure has code, reason, fields and facts", async () => {
  const refused = new ConnectError("texts: none", Code.InvalidArgument, undefined, [
    { desc: ErrorInfoSchema, value: { reason: "NO_TEXTS", domain: "cesura.v1", metadata: { texts_max: "7" } } },
    { desc: BadRequestSchema, value: { fieldViolations: [{ field: "texts", description: "none" }] } },
    { desc: RetryInfoSchema, value: { retryDelay: { seconds: 1n, nanos: 500_000_000 } } },
  ]);
  const client = scripted({ detectLanguage: () => { throw refused; } });
  const error: unknown = await client.segmentation.detectLanguage({}).catch((error: unknown) => error);
  assert.deepEqual(failureOf(error), {
    code: Code.InvalidArgument,
    reason: "NO_TEXTS",
    message: "texts: none",
    fields: [{ path: "texts", description: "none" }],
    facts: { texts_max: "7" },
    retryAfterMs: 1500,
  });
  assert.equal(failureOf(new Error("no call")).reason, "");
});

test("the status of one document of many is a failure, too", () => {
  const info = create(ErrorInfoSchema, { reason: "UNKNOWN_CHARSET" });
  const status = create(StatusSchema, { code: 3, message: "?", details: [anyPack(ErrorInfoSchema, info)] });
  assert.equal(failureOfStatus(status).reason, "UNKNOWN_CHARSET");
  assert.equal(failureOfStatus(status).code, Code.InvalidArgument);
});

test("UNAVAILABLE is tried again, for one answer and for a stream before its first", async () => {
  let calls = 0;
  const flaky = () => {
    calls += 1;
    if (calls % 3 !== 0) throw new ConnectError("draining", Code.Unavailable);
  };
  const client = scripted({
    detectLanguage: () => { flaky(); return {}; },
    segmentDocument: async function* () { flaky(); yield TAIL; },
  });
  await client.segmentation.detectLanguage({});
  assert.equal(calls, 3);
  for await (const _ of eventsOf(client, "Testo.")) { /* until it ends */ }
  assert.equal(calls, 6);
});

test("what had begun is not tried again, nor is what was refused", async () => {
  let calls = 0;
  const client = scripted({
    detectLanguage: () => { calls += 1; throw new ConnectError("no", Code.InvalidArgument); },
    segmentDocument: async function* () {
      calls += 1;
      yield { events: [{ event: { case: "head" as const, value: {} } }] };
      throw new ConnectError("gone", Code.Unavailable);
    },
  });
  await assert.rejects(client.segmentation.detectLanguage({}));
  assert.equal(calls, 1);
  await assert.rejects(async () => {
    for await (const _ of eventsOf(client, "Testo.")) { /* until it fails */ }
  });
  assert.equal(calls, 2);
});

test("bytes are sent whole with their end, in pieces, with offsets of JavaScript", async () => {
  const sent: number[] = [];
  let ended = false;
  let encoding: OffsetEncoding | undefined;
  const client = scripted({
    segmentChunks: async function* (requests) {
      for await (const { item } of requests) {
        if (item.case === "start") encoding = item.value.options?.offsetEncoding;
        if (item.case === "chunk") sent.push(item.value.length);
        ended ||= item.case === "end";
      }
      yield TAIL;
    },
  });
  async function* source() { yield new Uint8Array(600_000); }
  for await (const _ of eventsOf(client, source())) { /* until it ends */ }
  assert.deepEqual(sent, [262_144, 262_144, 75_712]);
  assert.ok(ended);
  assert.equal(encoding, OffsetEncoding.UTF16);
});

test("an answer without tail is not whole", async () => {
  const client = scripted({ segmentDocument: async function* () { yield { events: [] }; } });
  await assert.rejects(async () => {
    for await (const _ of segmentsOf(client, "Testo.")) { /* until it fails */ }
  }, IncompleteAnswer);
});

test("a source that fails never looks like a whole document", async () => {
  let ended = false;
  const client = scripted({
    segmentChunks: async function* (requests) {
      for await (const { item } of requests) ended ||= item.case === "end";
      yield TAIL;
    },
  });
  async function* source() {
    yield new Uint8Array(1);
    throw new Error("disk on fire");
  }
  await assert.rejects(async () => {
    for await (const _ of eventsOf(client, source())) { /* until it fails */ }
  }, /disk on fire/);
  assert.ok(!ended);
});

test("pieces of a unit are in the order of the text", () => {
  const event = create(DocumentEventSchema, {
    event: {
      case: "unit",
      value: {
        segments: [{ span: { start: 0, end: 2 }, text: "A." }, { span: { start: 3, end: 5 }, text: "B." }],
        ignorables: [{ span: { start: 2, end: 3 }, text: " " }],
      },
    },
  });
  assert.equal(pieces(event).map((piece) => piece.text).join(""), "A. B.");
});
