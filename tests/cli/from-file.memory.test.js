// Ten thousand images: the program's memory stays below 200 MiB, but for one large document; and ten times as many lines need little more.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { shellIn } from "../support/cli.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { imageOf, listService } from "../support/list-service.js";
import { keyPair, manifestOf } from "../support/signatures.js";

const many = 10_000;
const mostMiB = 200;
/** One document in the list's order is kept until its end. */
const mostWithDocumentMiB = 240;

/** Runs it to its end. @returns its outcome, and its largest resident memory in MiB */
async function measured(at, args) {
  const peak = join(at.folder, "peak");
  const loaded = new URL("../support/peak-memory.js", import.meta.url);
  const env = { OCISIGN_PEAK_FILE: peak, NODE_OPTIONS: `--import=${loaded}` };
  const outcome = await at.ocisign(args, { env });
  return { ...outcome, mib: Number(readFileSync(peak, "utf8")) / 2 ** 20 };
}

test("requested with a journal and a report", async (t) => {
  const at = await listService(t);
  at.list(many);
  const args = ["sign", "--from-file", "images.txt", "--journal", "j", "--report", "r.jsonl"];
  const { code, stderr, mib } = await measured(at, args);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^10000 images: 10000 waiting\.$/m);
  t.diagnostic(`${Math.round(mib)} MiB`);
  assert.ok(mib < mostMiB, `${mib} MiB`);
});

test("requested with --json: the document is one, in the list's order, and memory is bounded", async (t) => {
  const at = await listService(t);
  at.list(many);
  const { code, stdout, stderr, mib } = await measured(at, ["sign", "--from-file", "images.txt", "--json"]);
  assert.equal(code, 0, stderr);
  const { counts, requested, failed } = JSON.parse(stdout);
  assert.deepEqual([counts.waiting, requested.length, failed], [many, many, []]);
  assert.ok(requested.every(({ line }, /** @type {number} */ at) => line === at + 1));
  assert.equal(stdout, `${JSON.stringify(JSON.parse(stdout), null, 2)}\n`, "written as every document");
  t.diagnostic(`${Math.round(mib)} MiB`);
  assert.ok(mib < mostWithDocumentMiB, `${mib} MiB`);
});

test("verified with a report", async (t) => {
  const registry = await fakeRegistry();
  const at = shellIn("memory");
  t.after(() => {
    registry.close();
    at.remove();
  });
  const images = Array.from({ length: many }, (_, n) => {
    const manifest = manifestOf({ digest: `image ${n}`, size: 1, mediaType: "text/plain" });
    return `${registry.domain}/team/app@${registry.manifest("team/app", manifest)}`;
  });
  at.file("images.txt", images.join("\n"));
  at.file("key.pem", keyPair("P-256").pem);
  const args = ["verify", "--from-file", "images.txt", "--key", "key.pem", "--report", "r.jsonl"];
  const { code, stderr, mib } = await measured(at, args);
  assert.equal(code, 5, stderr);
  assert.match(stderr, /^10000 images: 10000 unsigned\.$/m);
  t.diagnostic(`${Math.round(mib)} MiB`);
  assert.ok(mib < mostMiB, `${mib} MiB`);
});

test("a million lines, of which one is wrong: it is told with its place, and nothing is sent", async (t) => {
  const at = await listService(t);
  const lines = Array.from({ length: 1_000_000 }, (_, n) => imageOf(n));
  lines[777_776] = "registry.example/App@sha256:0";
  at.file("images.txt", lines.join("\n"));
  const { code, stderr, mib } = await measured(at, ["sign", "--from-file", "images.txt"]);
  assert.equal(code, 1);
  assert.match(stderr, /1 line of .*images\.txt does not name an image\.\n +images\.txt:777777:\d+: /);
  assert.equal(at.posts, 0);
  t.diagnostic(`${Math.round(mib)} MiB`);
  assert.ok(mib < mostMiB + 50, `${mib} MiB`);
});
