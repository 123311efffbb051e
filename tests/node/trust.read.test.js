// A trust file is read strictly: each mistake is refused with its place, and what to do.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { OcisignError, parseReference } from "ocisign";
import { readTrust, ruleFor, standing } from "ocisign/trust";
import { keys, trustFile } from "../support/trust.js";

const schema = createRequire(import.meta.url)("ocisign/trust.schema.json");
const ajv = new Ajv.default({ strict: true });
const fits = ajv.compile(schema);

const pem = keys.current.pem;
const privatePem = String(keys.current.privateKey.export({ type: "pkcs8", format: "pem" }));
const digest = `sha256:${"ab".repeat(32)}`;
/** @param {string} pattern @param {string} [second] */
const withPattern = (pattern, second) =>
  trustFile({ rule: { images: second === undefined ? [pattern] : [pattern, second] } });
/** @param {object} more */
const withKey = (more) => trustFile({ keys: { current: { publicKey: pem, ...more } } });

/** @param {unknown} given @returns {OcisignError} */
function refusal(given) {
  try {
    readTrust(/** @type {any} */ (given), { called: "trust.json" });
  } catch (error) {
    assert.ok(error instanceof OcisignError, String(error));
    assert.ok(error.fix);
    return error;
  }
  return assert.fail("it was read");
}

/** Mistakes that a schema can see, too: the file, where, and what. */
const structural = {
  "an unknown field": [
    { ...trustFile({}), rulez: [] },
    /^trust.json: it has the unknown field `rulez`/,
    /"rules"/,
  ],
  "an unknown field of a key": [
    withKey({ validUntill: "2026-01-01T00:00:00Z" }),
    /^trust.json: keys.current has the unknown field `validUntill`/,
    /"validUntil"/,
  ],
  "an unknown field of a rule": [
    trustFile({ rule: { treshold: 1 } }),
    /rules\[0\] has the unknown field `treshold`/,
    /"threshold"/,
  ],
  "no version": [{ ...trustFile({}), version: undefined }, /it has no field "version"/, /Add/],
  "another version": [{ ...trustFile({}), version: 2 }, /version is not 1/, /Write 1/],
  "a text as a number": [
    trustFile({ rule: { threshold: "1" } }),
    /rules\[0\].threshold is not a whole number/,
    /without quotes/,
  ],
  "no keys": [{ ...trustFile({}), keys: {} }, /keys names no key/, /Name/],
  "a rule without images": [
    trustFile({ rule: { images: [] } }),
    /rules\[0\].images is an empty list/,
    /Name/,
  ],
  "a rule without keys": [trustFile({ rule: { keys: [] } }), /rules\[0\].keys is an empty list/, /Name/],
  "no rules": [{ ...trustFile({}), rules: [] }, /rules is an empty list/, /Name/],
  "a text in place of a list": [
    trustFile({ rule: { images: "registry.example/a" } }),
    /rules\[0\].images is not a list/,
    /\[/,
  ],
  "a time without a zone": [
    withKey({ validFrom: "2026-01-01T00:00:00" }),
    /keys.current.validFrom \(`2026-01-01T00:00:00`\) is no time/,
    /RFC 3339/,
  ],
  "no reason": [
    withKey({ retired: { at: "2026-01-01T00:00:00Z" } }),
    /keys.current.retired has no field "reason"/,
    /Add/,
  ],
  "a digest in capitals": [
    trustFile({ revokedDigests: [{ digest: digest.toUpperCase(), reason: "r" }] }),
    /revokedDigests\[0\].digest \(.+\) is no digest/,
    /lower case/,
  ],
  "a tag": [
    withPattern("registry.example/team/app:1.2"),
    /images\[0\] \(.+\) names a tag/,
    /Leave the tag out/,
  ],
  "a digest in a pattern": [
    withPattern(`registry.example/team/app@${digest}`),
    /images\[0\] \(.+\) names a digest/,
    /revokedDigests/,
  ],
  "another wildcard": [withPattern("registry.example/*/app"), /has a wildcard that is none here/, /\/\*\*/],
  "a wildcard in a name": [withPattern("registry.example/team/app-*"), /has a wildcard/, /\/\*\*/],
  everything: [withPattern("**"), /names no registry/, /in full/],
  "capitals in a repository": [withPattern("registry.example/Team/app"), /is no name of images/, /./],
  "only a registry": [withPattern("registry.example"), /names no repository/, /registry.example\/\*\*/],
};

/** Mistakes that only the reader sees. */
const other = {
  "no registry": [withPattern("team/app"), /is no name of images/, /./],
  "capitals in a registry": [
    withPattern("docker.io/nginx"),
    /fits no image, whose name is spelled otherwise/,
    /Write docker.io\/library\/nginx\./,
  ],
  "another name of Docker Hub": [
    withPattern("index.docker.io/team/app"),
    /spelled otherwise/,
    /Write docker.io\/team\/app\./,
  ],
  "a day that no calendar has": [
    withKey({ validFrom: "2026-02-30T00:00:00Z" }),
    /validFrom \(.+\) is no time/,
    /RFC 3339/,
  ],
  "an end before the beginning": [
    withKey({ validFrom: "2026-02-01T00:00:00Z", validUntil: "2026-01-01T00:00:00Z" }),
    /keys.current.validUntil is not after validFrom, so that the key "current" never counts/,
    /Correct/,
  ],
  "no key": [
    trustFile({ keys: { current: { publicKey: "none" } } }),
    /keys.current.publicKey cannot be used/,
    /./,
  ],
  "a private key": [
    trustFile({
      keys: {
        current: { publicKey: privatePem },
      },
    }),
    /keys.current.publicKey cannot be used/,
    /./,
  ],
  "a private key in another place": [
    withKey({ validUntil: privatePem }),
    /validUntil \(\[withheld\]\) is no time/,
    /RFC 3339/,
  ],
  "a private key among the patterns": [withPattern(privatePem), /images\[0\] \(\[withheld\]\) /, /./],
  "a private key as a digest": [
    trustFile({ revokedDigests: [{ digest: privatePem, reason: "lost" }] }),
    /\(\[withheld\]\) is no digest/,
    /sha256/,
  ],
  "a private key as the name of a field": [
    withKey({ [privatePem]: 1 }),
    /has the unknown field \[withheld\]/,
    /known fields/,
  ],
  "two keys in one": [
    trustFile({ keys: { current: { publicKey: pem + keys.old.pem } } }),
    /keys.current.publicKey holds 2 keys/,
    /name of its own/,
  ],
  "the same key under two names": [
    trustFile({ keys: { current: { publicKey: pem }, again: { publicKey: pem } } }),
    /keys.again.publicKey is the same key as "current"/,
    /Keep one/,
  ],
  "a name of no key": [
    trustFile({ rule: { keys: ["curent"] } }),
    /rules\[0\].keys\[0\] names `curent`, which is not among the keys \(rule "team apps"\)/,
    /"current"/,
  ],
  "a threshold above the keys": [
    trustFile({ rule: { threshold: 2 } }),
    /rules\[0\].threshold is 2, but the rule "team apps" names only 1 key/,
    /Name more keys/,
  ],
  "equal patterns of two rules": [
    trustFile({
      rules: [
        { name: "one", images: ["registry.example/a/**"], keys: ["current"] },
        { name: "two", images: ["registry.example/b", "registry.example/a/**"], keys: ["current"] },
      ],
    }),
    /rules\[1\].images\[1\] \(registry.example\/a\/\*\*\) stands in the rule "one", too, beside "two"/,
    /exactly one rule/,
  ],
  "two rules of one name": [
    trustFile({
      rules: [
        { name: "one", images: ["registry.example/a"], keys: ["current"] },
        { name: "one", images: ["registry.example/b"], keys: ["current"] },
      ],
    }),
    /rules\[1\].name is "one", as that of a rule before it/,
    /name of its own/,
  ],
  "a digest that is revoked twice": [
    trustFile({
      revokedDigests: [
        { digest, reason: "a" },
        { digest, reason: "b" },
      ],
    }),
    /revokedDigests\[1\].digest names sha256:\w+ again/,
    /Leave one/,
  ],
  "a name that hides something": [
    trustFile({ rule: { name: "team\u202eapps" } }),
    /rules\[0\].name has a character that nobody sees/,
    /invisible/,
  ],
};

test("each mistake is refused with its path, and says what to do", () => {
  for (const [what, [file, message, fix]] of Object.entries({ ...structural, ...other })) {
    const error = refusal(file);
    assert.equal(error.code, "bad-trust", what);
    assert.match(error.message, /** @type {RegExp} */ (message), what);
    assert.match(error.message, /^trust\.json: /, what);
    assert.match(error.fix, /** @type {RegExp} */ (fix), what);
    const [, secret = ""] = privatePem.split("\n");
    assert.ok(!`${error.message}${error.fix}`.includes(secret.slice(0, 20)), what);
  }
});

test("mistakes of the text are refused with line and column, and a key that stands twice with its path", () => {
  const text = JSON.stringify(trustFile({}), undefined, 2);
  assert.match(
    refusal(text.replace(/,\n/, "\n")).message,
    /^trust\.json:3:3: this is not JSON: comma expected\.$/,
  );
  assert.match(refusal(`${text}x`).message, /^trust\.json:\d+:\d+: this is not JSON/);
  assert.match(refusal("").message, /^trust\.json:1:1: this is not JSON/);
  const twice = text.replace('"version": 1,', '"version": 1,\n  "version": 1,');
  assert.match(refusal(twice).message, /^trust\.json:3:3: version: this key appears twice\.$/);
  const inner = text.replace('"name":', '"threshold": 1, "threshold": 1, "name":');
  assert.match(refusal(inner).message, /rules\[0\]\.threshold: this key appears twice\.$/);
  for (const given of [undefined, null, 1, [], () => {}]) assert.ok(refusal(given).code.startsWith("bad-"));
});

test("the schema refuses what it can see, and takes what the reader takes", () => {
  for (const [what, [file]] of Object.entries(structural)) {
    assert.equal(fits(JSON.parse(JSON.stringify(file))), false, what);
  }
  const whole = trustFile({
    keys: {
      "release 2025": {
        publicKey: keys.old.pem,
        validFrom: "2025-01-01T00:00:00Z",
        validUntil: "2026-01-01T00:00:00+02:00",
        retired: { at: "2026-01-01T00:00:00Z", reason: "rotated", countsFor: [digest] },
      },
      current: { publicKey: pem },
      lost: { publicKey: keys.lost.pem, revoked: { at: "2026-02-01T00:00:00Z", reason: "stolen" } },
    },
    rules: [
      {
        name: "a",
        images: ["registry.example/team/**", "localhost:5000/x"],
        keys: ["current", "release 2025"],
        threshold: 2,
      },
      {
        name: "b",
        images: ["docker.io/library/nginx", "docker.io/**"],
        keys: ["current"],
        requireRepository: true,
      },
    ],
    revokedDigests: [{ digest, reason: "CVE-2026-1", at: "2026-03-01T00:00:00Z" }],
  });
  const named = { $schema: "./trust.schema.json", ...whole };
  assert.ok(fits(named), JSON.stringify(fits.errors));
  const policy = readTrust(JSON.stringify(named));
  assert.equal(readTrust(policy), policy, "what was read is not read again");
  assert.equal(policy.keys.get("lost")?.revoked?.reason, "stolen");
  assert.deepEqual(
    policy.rules.map(({ threshold, requireRepository }) => [threshold, requireRepository]),
    [
      [2, false],
      [1, true],
    ],
  );
  assert.ok(Object.isFrozen(policy.rules[0]?.images));
});

test("the rule with the longest pattern holds, and below a name is not the name itself", () => {
  const policy = readTrust(
    trustFile({
      rules: [
        { name: "wide", images: ["registry.example/**"], keys: ["current"] },
        { name: "team", images: ["registry.example/team/**"], keys: ["current"] },
        { name: "app", images: ["registry.example/team/app"], keys: ["current"] },
      ],
    }),
  );
  const holds = (/** @type {string} */ name) =>
    ruleFor(policy, parseReference(`${name}@${digest}`))?.rule.name;
  assert.equal(holds("registry.example/team/app"), "app");
  assert.equal(holds("registry.example/team/app/part"), "team");
  assert.equal(holds("registry.example/team"), "wide");
  assert.equal(holds("registry.example/teams/app"), "wide");
  assert.equal(holds("registry.example:5000/team/app"), undefined);
  assert.equal(holds("registry.example.evil.example/team/app"), undefined);
});

test("a key counts within its time, unless it is retired or revoked; countsFor helps all but the revoked", () => {
  const at = (/** @type {string} */ text) => new Date(text);
  const read = (/** @type {object} */ more) => {
    const key = readTrust(withKey(more)).keys.get("current");
    return key ?? assert.fail("no key");
  };
  const timed = read({ validFrom: "2025-01-01T00:00:00Z", validUntil: "2026-01-01T00:00:00Z" });
  assert.deepEqual(standing(timed, at("2025-01-01T00:00:00Z")), { counts: true });
  assert.equal(standing(timed, at("2024-12-31T23:59:59Z")).why, "valid only from 2025-01-01T00:00:00Z");
  assert.equal(standing(timed, at("2026-01-01T00:00:00Z")).why, "expired since 2026-01-01T00:00:00Z");
  const retired = { at: "2025-06-01T00:00:00Z", reason: "rotated", countsFor: [digest] };
  const old = read({ validUntil: "2026-01-01T00:00:00Z", retired });
  assert.equal(standing(old, at("2025-07-01T00:00:00Z")).why, "retired since 2025-06-01T00:00:00Z: rotated");
  assert.equal(standing(old, at("2025-05-01T00:00:00Z")).counts, true);
  assert.equal(standing(old, at("2027-01-01T00:00:00Z"), /** @type {any} */ (digest)).counts, true);
  const lost = read({ retired, revoked: { reason: "stolen" } });
  assert.equal(
    standing(lost, at("2025-01-01T00:00:00Z"), /** @type {any} */ (digest)).why,
    "revoked: stolen",
  );
});
