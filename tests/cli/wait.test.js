// What a wait says: what ends it, which codes nobody explained, and an outage, once when it begins and once when it ends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { againstFake, documentOf, shellIn } from "../support/cli.js";
import { fakeService, signingOf } from "../support/fake-service.js";

const image = `registry.example/team/app@sha256:${"ab".repeat(32)}`;
const request = signingOf(image);
const { id } = request;
const status = (/** @type {number} */ status) => ({ body: signingOf(image, { status }) });
const wait = ["status", id, "--wait", "--timeout", "60s"];

/** The replies one after the other, the last of them for ever. @param {object[]} replies @param {string[]} args */
function against(replies, args) {
  const left = [...replies];
  return againstFake(() => (left.length > 1 ? left.shift() : left[0]) ?? {}, args);
}

const times = (/** @type {string} */ text, /** @type {RegExp} */ pattern) =>
  (text.match(pattern) ?? []).length;

for (const [name, failing] of /** @type {const} */ ([
  ["503", { status: 503 }],
  ["429", { status: 429 }],
  ["a proxy's own JSON", { body: "Bad Gateway" }],
])) {
  test(`an outage (${name}) is told once when it begins and once when it ends, and the wait goes on`, async () => {
    for (const flags of [[], ["--json"]]) {
      const done = await against([status(2), failing, failing, status(16)], [...wait, ...flags]);
      assert.equal(done.code, 0, done.stderr);
      assert.equal(times(done.stderr, /the status cannot be read, and the wait goes on\. /g), 1, done.stderr);
      assert.equal(times(done.stderr, /the status can be read again, after \d+s\./g), 1, done.stderr);
      if (flags.length > 0) assert.equal(documentOf(done).status, 16);
      else assert.match(done.stdout, /signed \(status 16\)/);
    }
  });
}

test("a wait may begin in an outage", async () => {
  for (const failing of [{ status: 503 }, { body: "Bad Gateway" }]) {
    const done = await against([failing, failing, status(16)], wait);
    assert.equal(done.code, 0, done.stderr);
  }
});

test("the time that ends in an outage tells the last known status and the last failure", async () => {
  const short = ["status", id, "--wait", "--timeout", "1500ms"];
  const seen = await against([status(2), { status: 503, body: { message: "restarting" } }], short);
  assert.equal(seen.code, 3);
  assert.match(
    seen.stderr,
    /The last known status is 2; since \S+Z, it could not be read\. .*HTTP 503\. It says: restarting/,
  );
  assert.match(seen.stderr, new RegExp(`wait again with:\n +ocisign status ${id} --wait`));
  const never = await against([{ status: 502 }], [...short, "--json"]);
  assert.equal(never.code, 1);
  const { error } = documentOf(never);
  assert.equal(error.code, "timeout");
  assert.match(error.message, /could not be read\. The last look failed: .*HTTP 502/);
  assert.match(error.resume, new RegExp(`^ocisign status ${id} --wait`));
});

test("where nothing was ever read, a stranger's replies end a wait with words for the command line", async () => {
  const done = await against([{ body: "Welcome" }], wait);
  assert.equal(done.code, 1);
  assert.match(done.stderr, /Check --url: a sign-in page or a proxy may have answered\./);
});

test("what does not pass ends a wait at once, with no way back to a request that is not there", async () => {
  for (const [code, name] of /** @type {const} */ ([
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "not-found"],
  ])) {
    const done = await against([{ status: code }], [...wait, "--json"]);
    const { error } = documentOf(done);
    assert.deepEqual([done.code, error.code, error.resume], [1, name, undefined]);
    assert.doesNotMatch(done.stderr, /the wait goes on/);
  }
});

test("without a table of statuses, a wait says at its start that only 16 ends it", async () => {
  const bare = await against([status(16)], wait);
  assert.match(bare.stderr, /^Only status 16 \(signed\) ends this wait: without --profile, /);
  const explained = await withStatuses({ 2: "waiting", 32: "rejected" }, [status(16)]);
  assert.doesNotMatch(explained.stderr, /ends this wait/);
  const half = await withStatuses({ 2: "waiting", 20: "signed" }, [status(20)]);
  assert.match(half.stderr, /^Only status 16 or 20 \(signed\) ends this wait: the profile's "statuses"/);
});

test("each unexplained code of a wait is told once, and once where to explain them", async () => {
  const done = await against([status(3), { status: 503 }, status(3), status(5), status(16)], wait);
  assert.equal(times(done.stderr, /Status 3 is not explained: /g), 1, done.stderr);
  assert.equal(times(done.stderr, /Status 5 is not explained, either\./g), 1, done.stderr);
  assert.equal(times(done.stderr, /Explain it with --profile, under "statuses"/g), 1, done.stderr);
});

test("a list says below it which codes are unexplained, however many there are", async () => {
  const list = (/** @type {number[]} */ ...codes) => ({
    body: codes.map((status, at) => signingOf(image, { id: `r${at}`, status })),
  });
  const said = async (/** @type {object} */ reply, /** @type {string[]} */ ...args) =>
    (await against([reply], ["signings", ...args])).stderr;
  assert.equal(await said(list(16, 16)), "");
  assert.match(await said(list(16, 2, 2)), /^Status 2 is not explained \(2 requests\), .* --profile/);
  assert.match(await said(list(9, 2, 16)), /^The statuses 2 and 9 are not explained \(2 requests\), /);
  const many = Array.from({ length: 10_000 }, (_, at) => 1000 + at);
  const bounded = await said(list(...many), "--json");
  assert.match(
    bounded,
    /^The statuses 1000, 1001, .* 1009 and 9990 more are not explained \(10000 requests\)/,
  );
  assert.ok(bounded.length < 400, bounded);
  // They may be what is looked for.
  const waiting = await said(list(2, 16), "--state", "waiting");
  assert.match(
    waiting,
    /There are no such requests\.\nStatus 2 is not explained \(1 request, not in this list\)/,
  );
});

/** A wait with a profile. @param {Record<string, string>} statuses @param {object[]} replies */
async function withStatuses(statuses, replies) {
  const service = await fakeService(() => replies[0] ?? {});
  const shell = shellIn("statuses", { OCISIGN_URL: service.url, OCISIGN_TOKEN: "the-token" });
  try {
    const profile = shell.file("profile.json", JSON.stringify({ statuses }));
    return await shell.ocisign([...wait, "--profile", profile]);
  } finally {
    service.close();
    shell.remove();
  }
}
