// Verifying by a trust file: which rule holds, which keys count, and what refusals say.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import {
  copyImage,
  createProof,
  OcisignError,
  verifyAll,
  verifyImage,
  verifyProof,
  verifySignatures,
} from "ocisign";
import { readTrust } from "ocisign/trust";
import { inListOrder } from "../support/image-registries.js";
import { keyPair } from "../support/signatures.js";
import { indexType, keys, signingRegistry, trustFile } from "../support/trust.js";

/** @type {Awaited<ReturnType<typeof signingRegistry>>} */
let held;
before(async () => {
  held = await signingRegistry();
});
beforeEach(() => {
  held.registry.requests.length = 0;
});
after(() => held?.registry.close());

const retired = { at: "2026-01-01T00:00:00Z", reason: "rotated" };
const trustAt = "2026-06-01T00:00:00Z";

/** A file in which every kind of key stands. @param {object} [changes] of the rule @param {object} [more] */
const allKeys = (changes, more) => ({
  ...trustFile({
    keys: {
      old: { publicKey: keys.old.pem, retired },
      current: { publicKey: keys.current.pem },
      second: { publicKey: keys.second.pem },
      lost: {
        publicKey: keys.lost.pem,
        revoked: { at: "2026-02-01T00:00:00Z", reason: "the token was stolen" },
      },
    },
    rules: [
      {
        name: "team apps",
        images: [`${held.registry.domain}/team/**`],
        keys: ["old", "current"],
        ...changes,
      },
    ],
  }),
  ...more,
});

/** @param {string} digest @param {any} [options] */
const verify = (digest, { trust = allKeys(), ...options } = {}) =>
  verifyImage(held.at(digest), { trust, trustAt, ...options });

/** @param {Promise<unknown>} work @returns {Promise<OcisignError>} */
async function failure(work) {
  const error = await work.then(
    () => assert.fail("it did not fail"),
    (it) => it,
  );
  assert.ok(error instanceof OcisignError, String(error?.stack));
  return error;
}

test("a key of the rule verifies, and the result tells the rule, the pattern and the keys", async () => {
  const { state, reason, trust, keys: agreed, signatures } = await verify(held.image("good", keys.current));
  assert.equal(state, "verified");
  assert.equal(reason, 'Signed by current, as the rule "team apps" asks (1 of 1).');
  assert.equal(trust?.rule, "team apps");
  assert.equal(trust?.pattern, `${held.registry.domain}/team/**`);
  assert.deepEqual(
    trust?.keys.map(({ name, counts, why }) => [name, counts, why]),
    [
      ["old", false, "retired since 2026-01-01T00:00:00Z: rotated"],
      ["current", true, undefined],
    ],
  );
  assert.equal(trust?.keys[1]?.fingerprint, agreed[0]);
  assert.ok(signatures[0]?.checked.includes("key"));
});

test("text, object and a policy that was read are the same", async () => {
  const digest = held.image("three forms", keys.current);
  const file = allKeys();
  for (const trust of [file, JSON.stringify(file), readTrust(file)]) {
    assert.equal((await verify(digest, { trust })).state, "verified");
  }
});

test("a key that a program takes out of a policy that was read counts no more, and is not told", async () => {
  const policy = readTrust(allKeys());
  /** @type {Map<string, unknown>} */ (policy.keys).delete("current");
  const { state, trust } = await verify(held.image("without its key", keys.current), { trust: policy });
  assert.equal(state, "invalid");
  assert.deepEqual(
    trust?.keys.map(({ name }) => name),
    ["old"],
  );
});

test("a signature by a key that does not count says so, and names rule, key and reason", async () => {
  const cases = {
    old: 'The signature does not count: the key old is retired since 2026-01-01T00:00:00Z: rotated (rule "team apps").',
    second: 'The signature does not count: the key second is none of those that the rule "team apps" names.',
    lost:
      'The signature does not count: the key lost is none of those that the rule "team apps" names, ' +
      "and is revoked since 2026-02-01T00:00:00Z: the token was stolen.",
  };
  for (const [name, expected] of Object.entries(cases)) {
    const { state, reason, signatures } = await verify(
      held.image(`by ${name}`, keys[/** @type {"old"} */ (name)]),
    );
    assert.equal(state, "invalid", name);
    assert.equal(reason, expected);
    assert.deepEqual([signatures[0]?.failed, signatures[0]?.reason], ["key", expected]);
  }
  const { state, reason } = await verify(held.image("by a stranger", keys.stranger));
  assert.equal(state, "invalid");
  assert.equal(reason, 'The signature was made with none of the keys that the rule "team apps" names.');
});

test("the retired key beside the current one changes nothing", async () => {
  const digest = held.image("both years", keys.old, keys.current);
  const { state, signatures } = await verify(digest);
  assert.equal(state, "verified");
  assert.deepEqual(
    signatures.map(({ verified }) => verified),
    [false, true],
  );
  const two = await verify(digest, { trust: allKeys({ threshold: 2 }) });
  assert.equal(two.state, "invalid");
  assert.equal(
    two.reason,
    'Signed by only 1 of the 2 keys that the rule "team apps" asks for: current. ' +
      'Only 1 of the keys of the rule "team apps" counts, and it asks for 2: old is retired since 2026-01-01T00:00:00Z: rotated.',
  );
});

test("two keys have to agree where the rule asks for two", async () => {
  const trust = allKeys({ keys: ["current", "second"], threshold: 2 });
  const one = await verify(held.image("one of two", keys.current), { trust });
  assert.equal(one.state, "invalid");
  assert.equal(one.reason, 'Signed by only 1 of the 2 keys that the rule "team apps" asks for: current.');
  const both = await verify(held.image("two of two", keys.current, keys.second), { trust });
  assert.equal(both.state, "verified");
  assert.equal(both.reason, 'Signed by current and second, as the rule "team apps" asks (2 of 2).');
});

test("a retired key as the only one verifies nothing but what countsFor names", async () => {
  const [digest, later] = [held.image("signed long ago", keys.old), held.image("signed later", keys.old)];
  const only = (/** @type {object} */ more) =>
    trustFile({
      keys: { old: { publicKey: keys.old.pem, ...more } },
      rules: [{ name: "old apps", images: [held.name], keys: ["old"] }],
    });
  const refused = await verify(digest, { trust: only({ retired }) });
  assert.equal(refused.state, "invalid");
  assert.equal(
    refused.reason,
    'No key of the rule "old apps" counts: old is retired since 2026-01-01T00:00:00Z: rotated.',
  );
  assert.ok(held.registry.requests.length > 0, "the registry is asked all the same");
  const trust = only({ retired: { ...retired, countsFor: [digest] } });
  assert.equal((await verify(digest, { trust })).state, "verified");
  assert.equal((await verify(later, { trust })).state, "invalid");
  const expired = only({ validUntil: "2026-01-01T00:00:00Z" });
  assert.match(
    (await verify(digest, { trust: expired })).reason,
    /old is expired since 2026-01-01T00:00:00Z\.$/,
  );
  assert.equal((await verify(digest, { trust: expired, trustAt: "2025-12-31T23:59:59Z" })).state, "verified");
  const revoked = only({ retired: { ...retired, countsFor: [digest] }, revoked: { reason: "stolen" } });
  assert.match((await verify(digest, { trust: revoked })).reason, /old is revoked: stolen\.$/);
});

test("a revoked digest is invalid whatever signs it, and stays unsigned without a signature", async () => {
  const [digest, unsigned] = [held.image("revoked", keys.current), held.image("revoked, unsigned")];
  const revokedDigests = [digest, unsigned].map((it) => ({
    digest: it,
    reason: "CVE-2026-1",
    at: "2026-03-01T00:00:00Z",
  }));
  const trust = allKeys({}, { revokedDigests });
  const beside = await verify(held.image("beside what is revoked", keys.current), { trust });
  assert.deepEqual([beside.state, beside.trust?.revoked], ["verified", undefined]);
  const one = await verify(digest, { trust });
  assert.equal(one.state, "invalid");
  assert.equal(
    one.reason,
    `The image ${digest} is revoked since 2026-03-01T00:00:00Z: CVE-2026-1 (the trust file: revokedDigests[0]).`,
  );
  assert.deepEqual(one.trust?.revoked, revokedDigests[0]);
  const other = await verify(unsigned, { trust });
  assert.equal(other.state, "unsigned");
  assert.match(
    other.reason,
    /asks for a signature by 1 of the keys old, current\. The image sha256:\w+ is revoked/,
  );
  held.sign(unsigned, keys.current);
  const signed = await verify(unsigned, { trust });
  assert.match(signed.reason, /is revoked since .*: CVE-2026-1 \(the trust file: revokedDigests\[1\]\)\.$/);
});

test("of an image without a signature, the rule's demand is told", async () => {
  const digest = held.image("waits for a signature");
  const usual = "The registry holds no signature of this image.";
  const said = 'The rule "team apps" asks for a signature by';
  for (const [rule, keysAsked] of /** @type {const} */ ([
    [{ keys: ["current"] }, "the key current"],
    [{}, "1 of the keys old, current"],
    [{ keys: ["current", "second"], threshold: 2 }, "2 of the keys current, second"],
  ])) {
    const { state, reason } = await verify(digest, { trust: allKeys(rule) });
    assert.deepEqual([state, reason], ["unsigned", `${usual} ${said} ${keysAsked}.`]);
  }
});

test("that a key of the file signed says more than what is wrong with another signature", async () => {
  const said =
    'The signature does not count: the key old is retired since 2026-01-01T00:00:00Z: rotated (rule "team apps").';
  for (const [at, by] of [
    [keys.stranger, keys.old],
    [keys.old, keys.stranger],
  ].entries()) {
    const { state, reason } = await verify(held.image(`two bad ones ${at}`, ...by));
    assert.deepEqual([state, reason], ["invalid", said]);
  }
  // Where no key made one, the first says why.
  const { reason } = await verify(held.image("two strangers", keys.stranger, keys.stranger));
  assert.equal(reason, 'The signature was made with none of the keys that the rule "team apps" names.');
});

test("of a file with more than a hundred keys, the others are not tried", async () => {
  const digest = held.image("by one of many", keys.old);
  const many = (/** @type {number} */ count) => ({
    current: { publicKey: keys.current.pem },
    old: { publicKey: keys.old.pem },
    ...Object.fromEntries(
      Array.from({ length: count - 2 }, (_, at) => [`k${at}`, { publicKey: keyPair("P-256").pem }]),
    ),
  });
  const rules = [{ name: "team apps", images: [`${held.registry.domain}/team/**`], keys: ["current"] }];
  for (const [count, said] of /** @type {const} */ ([
    [100, /^The signature does not count: the key old is none of those/],
    [101, /^The signature was made with none of the keys that the rule "team apps" names/],
  ])) {
    const { state, reason, signatures } = await verify(digest, {
      trust: trustFile({ keys: many(count), rules }),
    });
    assert.deepEqual([state, signatures.length], ["invalid", 1]);
    assert.match(reason, said);
  }
});

test("a key that the platform refuses is a mistake of the file", async () => {
  const { publicKey } = keyPair("P-256");
  const der = publicKey.export({ type: "spki", format: "der" });
  // The point is then on no curve.
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
  const trust = allKeys();
  trust.keys = { ...trust.keys, damaged: { publicKey: der.toString("base64") } };
  const error = await failure(verify(held.image("of a damaged file", keys.current), { trust }));
  assert.equal(error.code, "bad-trust");
  assert.match(error.message, /^the trust file: the key "damaged" cannot be used: /i);
});

test("an index that is revoked covers nothing, wherever it stands on the way", async () => {
  const plain = held.image("below two indexes");
  const inner = held.index([plain]);
  const outer = held.index([{ digest: inner, mediaType: indexType }], keys.current);
  const coveredBy = held.at(outer);
  const revoking = (/** @type {string} */ digest) =>
    allKeys({}, { revokedDigests: [{ digest, reason: "CVE-2026-3" }] });
  const beside = held.image("beside the way");
  for (const [digest, expected] of [
    [beside, "verified"],
    [inner, "invalid"],
    [outer, "invalid"],
    [plain, "invalid"],
  ]) {
    const { state, reason } = await verify(plain, { coveredBy, trust: revoking(digest ?? "") });
    assert.equal(state, expected, reason);
    if (expected === "invalid") assert.match(reason, new RegExp(`${digest} is revoked: CVE-2026-3`));
  }
});

test("a revoked member that nobody signed is unsigned in a whole that nobody signed, and what cannot be read stays so", async () => {
  const member = held.image("revoked, in a whole");
  const other = held.image("beside it", keys.current);
  const trust = allKeys({}, { revokedDigests: [{ digest: member, reason: "CVE-2026-4" }] });
  const unsigned = await verify(held.index([member]), { trust, recursive: true });
  assert.equal(unsigned.state, "unsigned", unsigned.reason);
  const whole = held.index([other, member], keys.current);
  assert.equal((await verify(whole, { trust, recursive: true })).state, "invalid");
  held.registry.answer(`GET /v2/team/app/referrers/${member}`, (_, reply) => reply.writeHead(403).end());
  const unread = await verify(whole, { trust, recursive: true });
  assert.equal(unread.state, "unreachable", unread.reason);
});

test("a revoked member makes the whole invalid, through index, cover, proof and copy", async () => {
  const member = held.image("member", keys.current);
  const plain = held.image("member without a signature");
  const index = held.index([member, plain], keys.current);
  /** @param {string[]} digests */
  const revoking = (...digests) =>
    allKeys({}, { revokedDigests: digests.map((digest) => ({ digest, reason: "CVE-2026-2" })) });
  for (const digest of [member, plain]) {
    const whole = await verify(index, { trust: revoking(digest), recursive: true });
    assert.equal(whole.state, "invalid", digest);
    assert.match(whole.reason, new RegExp(`${digest}.*is revoked: CVE-2026-2`));
  }
  const coveredBy = held.at(index);
  assert.equal((await verify(plain, { coveredBy })).state, "verified");
  const covered = await verify(plain, { coveredBy, trust: revoking(plain) });
  assert.deepEqual([covered.state, /revoked/.test(covered.reason)], ["invalid", true]);
  assert.equal((await verify(plain, { coveredBy, trust: revoking(index) })).state, "invalid");
  assert.equal((await verify(plain, { trust: revoking(plain) })).state, "unsigned");

  const { proof = "" } = await createProof(held.at(member), { trust: allKeys(), trustAt });
  assert.equal((await verifyProof(proof, { trust: allKeys(), trustAt })).state, "verified");
  assert.equal((await verifyProof(proof, { trust: revoking(member), trustAt })).state, "invalid");
  assert.equal((await createProof(held.at(member), { trust: revoking(member), trustAt })).proof, undefined);

  const copy = (/** @type {object} */ trust) =>
    copyImage(held.at(index), `${held.registry.domain}/copies/app`, {
      keys: { trust, trustAt },
      dryRun: true,
    });
  assert.equal((await copy(allKeys())).state, "planned");
  const left = await copy(revoking(plain));
  assert.equal(left.state, "not-verified");
  assert.match(left.verification?.reason ?? "", /is revoked: CVE-2026-2/);
});

test("without a rule nothing is fetched, and nothing is verified", async () => {
  const digest = held.image("outside", keys.current);
  const trust = readTrust(allKeys({ images: ["registry.example/other/**"] }), { called: "trust.json" });
  held.registry.requests.length = 0;
  const error = await failure(verify(digest, { trust }));
  assert.equal(error.code, "no-trust-rule");
  assert.equal(error.message, `trust.json has no rule for ${held.at(digest)}.`);
  assert.match(error.fix, new RegExp(`^Add ${held.name} to the images of a rule`));
  const whole = await failure(verifyAll([held.at(digest)], { trust }).next());
  assert.equal(whole.code, "bad-list");
  const kept = await inListOrder(verifyAll([held.at(digest)], { trust, keepGoing: true }));
  assert.deepEqual(
    kept.map(({ error: why, verification }) => [why?.code, verification]),
    [["no-trust-rule", undefined]],
  );
  assert.equal((await failure(createProof(held.at(digest), { trust }))).code, "no-trust-rule");
  assert.equal(
    (await failure(copyImage(held.at(digest), `${held.name}-copy`, { keys: { trust } }))).code,
    "no-trust-rule",
  );
  assert.equal(held.registry.requests.length, 0);
});

test("a nested rule takes its images out of the wider one", async () => {
  const trust = allKeys();
  trust.rules.push({ name: "this app", images: [held.name], keys: ["second"] });
  const refused = await verify(held.image("of the wider rule", keys.current), { trust });
  assert.equal(refused.state, "invalid");
  assert.equal(
    refused.reason,
    'The signature does not count: the key current is none of those that the rule "this app" names.',
  );
  assert.equal((await verify(held.image("of the narrow rule", keys.second), { trust })).state, "verified");
});

test("a rule may ask for signatures that name the repository", async () => {
  const digest = held.image("in a bundle");
  held.signBundle(digest, keys.current);
  assert.equal((await verify(digest)).state, "verified");
  const { state, reason } = await verify(digest, { trust: allKeys({ requireRepository: true }) });
  assert.equal(state, "invalid");
  assert.equal(reason, 'The signature names no repository, and the rule "team apps" asks for one.');
});

test("many images each have their rule; what is unreachable stays so", async () => {
  const digests = [held.image("first of many", keys.current), held.image("second of many", keys.old)];
  const states = await inListOrder(verifyAll(digests.map(held.at), { trust: allKeys(), trustAt }));
  assert.deepEqual(states.map(({ index, verification }) => [index, verification?.state]).sort(), [
    [0, "verified"],
    [1, "invalid"],
  ]);
  const missing = `sha256:${"0".repeat(64)}`;
  const revoking = allKeys({}, { revokedDigests: [{ digest: missing, reason: "r" }] });
  const { state, reason } = await verify(missing, { trust: revoking });
  assert.equal(state, "unreachable");
  assert.doesNotMatch(reason, /revoked|rule/, "nothing was seen of it");
});

test("trust and other keys exclude each other, and wrong options are refused", async () => {
  const digest = held.image("options", keys.current);
  const trust = allKeys();
  for (const [name, value] of Object.entries({
    publicKey: keys.current.pem,
    keys: [keys.current.pem],
    threshold: 1,
    certificates: { roots: "" },
  })) {
    const error = await failure(verify(digest, { [name]: value }));
    assert.equal(error.code, "bad-input");
    assert.equal(error.message, `trust and ${name} are both given.`);
  }
  assert.match((await failure(verify(digest, { trustAt: "2026-06-01" }))).message, /^trustAt is no time/);
  const alone = verifyImage(held.at(digest), /** @type {any} */ ({ publicKey: keys.current.pem, trustAt }));
  assert.match((await failure(alone)).message, /^trustAt is given without trust/);
  const copy = { ...readTrust(trust) };
  assert.equal((await failure(verify(digest, { trust: copy }))).code, "bad-trust", "a copy was not read");
  assert.equal(
    (
      await failure(
        verifySignatures(
          /** @type {any} */ ({ reference: held.at(digest), manifest: "{}", blob: "", trust: 1 }),
        ),
      )
    ).code,
    "bad-trust",
  );
});
