// One name before several registries, each of which wants another sign-in; and places whose passwords are their own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyAll, verifyImage } from "ocisign";
import { inListOrder, ManyImages } from "../support/image-registries.js";
import { newSeed, randomNumbers } from "../support/random.js";
import { keyPair } from "../support/signatures.js";

const key = keyPair("P-256");
const basicOf = (/** @type {string} */ user, /** @type {string} */ password) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
const basic = basicOf("robot", "secret");
const tokenFor = (/** @type {string} */ scope) => `t${Buffer.from(scope).toString("hex")}`;
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A registry whose repositories want what their names begin with: `basic`, `token`, `either` or `open`.
 *
 * @param {ManyImages} held @param {() => Promise<unknown>} delay
 */
function mixed(held, delay) {
  const refusals = { count: 0 };
  held.instead = async ({ url, host, authorization }) => {
    await delay();
    if (host === "tokens.example") {
      if (authorization !== basic) return { status: 401 };
      const scope = new URL(url).searchParams.get("scope") ?? "";
      return { status: 200, body: JSON.stringify({ token: tokenFor(scope) }) };
    }
    const [, repository = ""] = /\/v2\/(.+?)\/(?:manifests|blobs|referrers|tags)\//.exec(url) ?? [];
    const [wants = ""] = repository.split("/");
    const bearer = `Bearer ${tokenFor(`repository:${repository}:pull`)}`;
    /** @type {Record<string, (string | undefined)[]>} */
    const taken = {
      basic: [basic],
      token: [bearer],
      either: [basic, bearer],
      open: [undefined, basic, bearer],
    };
    if (taken[wants]?.includes(authorization)) return undefined;
    refusals.count += 1;
    /** @type {Record<string, string>} */
    const challenges = {
      basic: 'Basic realm="r"',
      token: 'Bearer realm="https://tokens.example/t",service="s"',
    };
    const challenge =
      wants === "basic" || wants === "token" ? challenges[wants] : Object.values(challenges).join(", ");
    return { status: 401, headers: { "www-authenticate": challenge } };
  };
  return refusals;
}

const kinds = ["basic", "token", "either", "open"];

/** Images of the kinds, one after the other. @param {ManyImages} held @param {number} count @param {string[]} kinds */
const images = (held, count, kinds) =>
  Array.from({ length: count }, (_, n) => {
    const name = `mixed-${kinds.join("-")}.example/${kinds[n % kinds.length]}/r${Math.floor(n / kinds.length) % 8}`;
    return held.image(name, `image ${n}`, key.privateKey);
  });

/** @param {import("ocisign").VerifyOutcome[]} outcomes */
const states = (outcomes) => [
  ...new Set(outcomes.map(({ verification: it }) => (it?.state === "verified" ? "verified" : it?.reason))),
];

for (const some of [
  ["basic", "token"],
  ["token", "basic"],
  ["token", "token", "basic"],
  ["either", "open"],
  kinds,
]) {
  test(`repositories that want ${some.join(", ")} by turns: each gets what it wants`, async () => {
    const held = new ManyImages();
    const seed = newSeed();
    const random = randomNumbers(seed);
    const list = images(held, 160, some);
    const refusals = mixed(held, () => pause(random(4)));
    const registry = { fetch: held.fetch, username: "robot", password: "secret" };
    const outcomes = await inListOrder(verifyAll(list, { publicKey: key.pem, registry }));
    assert.deepEqual(states(outcomes), ["verified"], `seed ${seed}`);
    // Each repository is found out once; the first ones, by all who come at the same time.
    assert.ok(refusals.count <= 4 * 16 + 2 * 8 * some.length, `${refusals.count}, seed ${seed}`);
    for (const reference of list.slice(0, 12)) {
      const { state } = await verifyImage(reference, { publicKey: key.pem, registry });
      assert.equal(state, "verified");
    }
  });
}

test("what is for one place goes to no other place: passwords, and the tokens that they brought", async () => {
  const held = new ManyImages();
  const hosts = ["one.example", "two.example", "three.example"];
  const lists = hosts.map((host) => held.images(20, `${host}/team/app`, key.privateKey));
  const list = lists[0]?.flatMap((_, n) => lists.map((own) => own[n] ?? "")) ?? [];
  /** @type {Map<string, Set<string>>} */
  const seen = new Map();
  held.instead = ({ host, url, authorization }) => {
    const all = seen.get(host) ?? new Set();
    seen.set(host, all.add(authorization ?? "nothing"));
    // One token service for all of them: what it gave for one must not go to another.
    if (host === "tokens.example") {
      const service = new URL(url).searchParams.get("service");
      return { status: 200, body: JSON.stringify({ token: `for-${service}-by-${authorization?.slice(6)}` }) };
    }
    const expected = `Bearer for-${host}-by-${basicOf("robot", `secret of ${host}`).slice(6)}`;
    if (authorization === expected) return undefined;
    const challenge = `Bearer realm="https://tokens.example/t",service="${host}",scope="repository:team/app:pull"`;
    return { status: 401, headers: { "www-authenticate": challenge } };
  };
  const registry = (/** @type {import("ocisign").ImageReference} */ { registry: host }) => ({
    fetch: held.fetch,
    username: "robot",
    password: `secret of ${host}`,
  });
  const outcomes = await inListOrder(verifyAll(list, { publicKey: key.pem, registry }));
  assert.deepEqual(states(outcomes), ["verified"]);
  for (const host of hosts) {
    const token = `Bearer for-${host}-by-${basicOf("robot", `secret of ${host}`).slice(6)}`;
    assert.deepEqual([...(seen.get(host) ?? [])].sort(), [token, "nothing"]);
  }
});

test("two users of one registry: each gets what is its own", async () => {
  const held = new ManyImages();
  const list = ["a", "b", "c"].flatMap((team) =>
    held.images(10, `shared.example/${team}/app`, key.privateKey),
  );
  /** @type {Set<string>} */
  const pairs = new Set();
  held.instead = ({ url, authorization }) => {
    const team = /\/v2\/(\w)\//.exec(url)?.[1] ?? "";
    pairs.add(`${team} ${authorization ?? "nothing"}`);
    if (authorization === basicOf(team, team)) return undefined;
    return { status: 401, headers: { "www-authenticate": 'Basic realm="r"' } };
  };
  const registry = ({ repository = "" }) => {
    const [team = ""] = repository.split("/");
    return { fetch: held.fetch, username: team, password: team };
  };
  const outcomes = await inListOrder(verifyAll(list, { publicKey: key.pem, registry }));
  assert.deepEqual(states(outcomes), ["verified"]);
  const expected = ["a", "b", "c"].flatMap((team) => [`${team} ${basicOf(team, team)}`, `${team} nothing`]);
  assert.deepEqual([...pairs].sort(), expected);
});

test("signatures in another registry are read without the password of the image's", async () => {
  const held = new ManyImages();
  const list = held.images(10, "private.example/team/app", key.privateKey);
  /** @type {Map<string, Set<string>>} */
  const seen = new Map();
  held.instead = ({ host, authorization }) => {
    seen.set(host, (seen.get(host) ?? new Set()).add(authorization ?? "nothing"));
    if (authorization === undefined) {
      return { status: 401, headers: { "www-authenticate": 'Basic realm="r"' } };
    }
    return undefined;
  };
  const registry = {
    fetch: held.fetch,
    ...{ username: "robot", password: "secret", repository: "elsewhere.example/signatures" },
  };
  const outcomes = await inListOrder(verifyAll(list, { publicKey: key.pem, registry }));
  assert.deepEqual([...new Set(outcomes.map(({ verification }) => verification?.state))], ["unreachable"]);
  assert.deepEqual([...(seen.get("elsewhere.example") ?? [])], ["nothing"]);
  assert.deepEqual([...(seen.get("private.example") ?? [])].sort(), [basic, "nothing"]);
});
