// What many images cost their registry: how many requests each, how many sign-ins, how many at the same time.
import assert from "node:assert/strict";
import { test } from "node:test";
import v8 from "node:v8";
import vm from "node:vm";
import { verifyAll } from "ocisign";
import { sized } from "../support/large.js";
import { inListOrder, ManyImages } from "../support/image-registries.js";
import { keyPair } from "../support/signatures.js";

const key = keyPair("P-256");

/** @param {ManyImages} held @param {object} [more] */
const options = (held, more = {}) => ({ publicKey: key.pem, registry: { fetch: held.fetch }, ...more });

/** @param {import("ocisign").VerifyOutcome[]} outcomes */
const states = (outcomes) => [...new Set(outcomes.map(({ verification }) => verification?.state))];

test("five requests an image, signed or not", async () => {
  for (const [signer, state] of /** @type {const} */ ([
    [key.privateKey, "verified"],
    [undefined, "unsigned"],
  ])) {
    const held = new ManyImages();
    const list = held.images(100, "registry.example/team/app", signer);
    assert.deepEqual(states(await inListOrder(verifyAll(list, options(held)))), [state]);
    assert.equal(held.asked.length, 500);
  }
});

test("as many images at the same time as the caller allows, and four requests for each", async () => {
  for (const concurrency of [1, 5, 16]) {
    const held = new ManyImages();
    const list = held.images(60, "registry.example/team/app", key.privateKey);
    await inListOrder(verifyAll(list, options(held, { concurrency })));
    assert.ok(held.most["registry.example"] <= 4 * concurrency, `${held.most["registry.example"]}`);
    assert.ok(held.most["registry.example"] > 3 * concurrency, `${held.most["registry.example"]}`);
  }
});

/** A registry that wants a token for each repository. @param {ManyImages} held @param {string} host */
function withTokens(held, host) {
  /** @type {string[]} */
  const scopes = [];
  held.instead = ({ url, authorization }) => {
    if (url.startsWith("https://tokens.example/")) {
      const scope = new URL(url).searchParams.get("scope") ?? "";
      scopes.push(scope);
      const headers = { "content-type": "application/json" };
      return { status: 200, body: JSON.stringify({ token: `for-${btoa(scope)}` }), headers };
    }
    const repository = /\/v2\/(.+)\/(?:manifests|blobs|referrers)\//.exec(url)?.[1];
    const scope = `repository:${repository}:pull`;
    if (authorization === `Bearer for-${btoa(scope)}`) return undefined;
    const challenge = `Bearer realm="https://tokens.example/t",service="${host}",scope="${scope}"`;
    return { status: 401, headers: { "www-authenticate": challenge } };
  };
  return scopes;
}

test("a token is asked for once for each repository, and shared by all its images", async () => {
  const held = new ManyImages();
  const host = "with-tokens.example";
  const lists = ["a", "b", "c"].map((it) => held.images(40, `${host}/team/${it}`, key.privateKey));
  const scopes = withTokens(held, host);
  const mixed = lists[0].flatMap((_, at) => lists.map((list) => list[at]));
  assert.deepEqual(states(await inListOrder(verifyAll(mixed, options(held)))), ["verified"]);
  assert.deepEqual(
    [...scopes].sort(),
    ["a", "b", "c"].map((it) => `repository:team/${it}:pull`),
  );
  // Beside five an image: those that were refused before the registry was known to want tokens.
  assert.ok(held.countOf(host) - 600 <= 4 * 16, `${held.countOf(host)}`);
  const again = new ManyImages();
  const list = again.images(40, `${host}/team/a`, key.privateKey);
  withTokens(again, host);
  await inListOrder(verifyAll(list, options(again)));
  assert.deepEqual([again.countOf(host), again.countOf("tokens.example")], [5 * 40 + 1, 1]);
});

test("a token that is over in the middle is asked for anew, and no image suffers", async () => {
  const held = new ManyImages();
  const list = held.images(60, "short-lived.example/team/app", key.privateKey);
  let [tokens, uses] = [0, 0];
  held.instead = ({ url, authorization }) => {
    if (url.startsWith("https://tokens.example/")) {
      [tokens, uses] = [tokens + 1, 0];
      return {
        status: 200,
        body: JSON.stringify({ token: `t${tokens}` }),
        headers: { "content-type": "application/json" },
      };
    }
    uses += 1;
    if (authorization === `Bearer t${tokens}` && uses < 80) return undefined;
    const challenge = 'Bearer realm="https://tokens.example/t",service="s",scope="repository:team/app:pull"';
    return { status: 401, headers: { "www-authenticate": challenge } };
  };
  assert.deepEqual(states(await inListOrder(verifyAll(list, options(held)))), ["verified"]);
  assert.ok(tokens >= 4 && tokens < 30, `${tokens}`);
});

test("a password is found out once: the next images begin with it", async () => {
  const held = new ManyImages();
  const list = held.images(50, "basic.example/team/app", key.privateKey);
  let refused = 0;
  held.instead = ({ authorization }) => {
    if (authorization) return undefined;
    refused += 1;
    return { status: 401, headers: { "www-authenticate": 'Basic realm="r"' } };
  };
  const registry = { fetch: held.fetch, username: "robot", password: "secret" };
  const outcomes = await inListOrder(verifyAll(list, options(held, { registry, concurrency: 2 })));
  assert.deepEqual(states(outcomes), ["verified"]);
  assert.ok(refused <= 8, `${refused}`);
});

v8.setFlagsFromString("--expose-gc");
const collectGarbage = vm.runInNewContext("gc");

/**
 * Verifies images of a generator. Gives how many it was asked for beyond those that had ended, and how much the heap has
 * grown from a quarter of the way on.
 *
 * @param {ManyImages} held @param {number} count @param {object} [more]
 */
async function walked(held, count, more) {
  held.keepsAsked = false;
  const some = held.images(50, "registry.example/team/app", key.privateKey);
  let [given, taken, furthest] = [0, 0, 0];
  function* source() {
    for (; given < count; given += 1) yield some[given % some.length];
  }
  /** @type {number[]} */
  const heap = [];
  for await (const _ of verifyAll(source(), options(held, more))) {
    taken += 1;
    furthest = Math.max(furthest, given - taken);
    if (taken % (count / 4) !== 0) continue;
    collectGarbage();
    heap.push(process.memoryUsage().heapUsed);
  }
  assert.equal(taken, count);
  return { furthest, grown: (heap.at(-1) ?? 0) - (heap[0] ?? 0) };
}

test("of a generator few are read ahead, and memory stays flat", async () => {
  const { furthest, grown } = await walked(new ManyImages(), sized(2000, 100_000));
  assert.ok(furthest <= 1000, `${furthest}`);
  assert.ok(grown < 2 * 1024 * 1024, `${grown}`);
});

test("a hundred thousand references of a registry that is away take no more memory, either", async () => {
  const held = new ManyImages();
  held.instead = () => {
    throw new Error("connect ECONNREFUSED");
  };
  const { furthest, grown } = await walked(held, 100_000, { timeoutMs: 1 });
  assert.ok(furthest <= 1000, `${furthest}`);
  assert.ok(grown < 2 * 1024 * 1024, `${grown}`);
});
