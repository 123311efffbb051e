// Attestations that are asked for: verified with the same keys as signatures, told apart from them, and never in their place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyAll, verifyImage } from "ocisign";
import { attTag, envelopeLayer, forms, layerOf, putUnderTag, slsa, spdx } from "../support/attested.js";
import {
  bundle,
  descriptor,
  digest,
  errors,
  indexOf,
  indexType,
  other,
  reference,
  registry,
  repository,
  rsa,
  signByTag,
  sigTag,
  status,
  verify,
} from "../support/image-in-registry.js";
import { newSeed, randomNumbers } from "../support/random.js";
import {
  bundleLayer,
  keyPair,
  manifestOf,
  payloadFor,
  simpleLayer,
  statementFor,
} from "../support/signatures.js";

/** Puts an attestation where its form belongs. @param {string} form @param {any} [made] */
function attest(form, made = {}, key = rsa) {
  const found = forms[form]?.(key.privateKey, { digest, ...made });
  if (!found) throw new Error(form);
  if (form === "envelope") putUnderTag(registry, repository, digest, found);
  else {
    registry.blob(repository, found.bytes);
    const at = registry.manifest(repository, manifestOf(found.layer));
    registry.referrers(repository, digest, indexOf(descriptor(at)));
  }
  return found.layer.digest;
}

test("where all are verified and none is asked for, nothing is said to be required", async () => {
  signByTag();
  attest("bundle");
  const verification = await verify({ attestations: "verify" });
  assert.equal(verification.state, "verified");
  assert.equal(verification.attestations[0]?.verified, true);
  assert.ok(!("required" in verification));
});

const asked = { require: ["slsaprovenance"] };
/** @param {(statement: any) => unknown} change */
const changed = (change) => {
  const statement = statementFor({ digest, predicateType: slsa });
  change(statement);
  return JSON.stringify(statement);
};

for (const [form, from] of [
  ["envelope", "attestation-tag"],
  ["bundle", "referrers"],
]) {
  test(`${form}: one of our key is verified, and counts for its type, by name and by URL`, async () => {
    signByTag();
    const blob = attest(form);
    for (const require of [["slsaprovenance"], ["slsaprovenance1"], [slsa]]) {
      const { state, attestations, required, signatures, reason } = await verify({ require });
      assert.equal(state, "verified", reason);
      assert.match(reason, /^Signed by the required key \(1 of 1\)\. Attested as required: /);
      assert.equal(signatures.length, 1, "it is no signature");
      const [one] = attestations;
      assert.ok(one?.verified);
      assert.deepEqual(
        [one.predicateType, one.from, one.digest, one.hash, attestations.length],
        [slsa, [from], blob, "SHA-256", 1],
      );
      assert.deepEqual(one.checked, ["manifest", "blob", "signature", "content"]);
      assert.deepEqual(
        required?.map(({ type, met, keys }) => [type, met, keys]),
        [[require[0], true, [one.key]]],
      );
    }
  });

  test(`${form}: it never takes the place of a signature`, async () => {
    attest(form);
    const { state, required, signatures } = await verify(asked);
    assert.deepEqual([state, required?.[0]?.met, signatures], ["unsigned", true, []]);
    signByTag(other);
    assert.equal((await verify(asked)).state, "invalid");
  });

  test(`${form}: of another type, it counts for nothing else, whatever its annotation says`, async () => {
    signByTag();
    attest(form, { predicateType: spdx });
    const { state, reason, attestations } = await verify(asked);
    assert.equal(state, "invalid");
    assert.match(reason, /^No attestation of type slsaprovenance \(https:\/\/slsa\.dev.*\) was found\./);
    assert.equal(attestations[0]?.predicateType, spdx);
    assert.equal((await verify({ require: ["spdx"] })).state, "verified");
  });

  const twice = (/** @type {string} */ text) =>
    `${text.slice(0, -1)},"predicateType":${JSON.stringify(slsa)}}`;
  /** @type {[string, () => any, string, RegExp, typeof other?][]} */
  const wrong = [
    ["signed by another key", () => ({}), "signature", /not made with any of the given keys/, other],
    [
      "for another image",
      () => ({ digest: `sha256:${"ab".repeat(32)}` }),
      "content",
      /The attestation is of another image, `sha256:abab/,
    ],
    [
      "with two subjects",
      () => ({ statement: changed((it) => it.subject.push({ digest: { sha256: "ab".repeat(32) } })) }),
      "content",
      /The statement has 2 subjects, an attestation has one/,
    ],
    [
      "with the same subject twice",
      () => ({ statement: changed((it) => it.subject.push(it.subject[0])) }),
      "content",
      /has 2 subjects/,
    ],
    [
      "without a subject",
      () => ({
        statement: changed((it) => {
          it.subject = [];
        }),
      }),
      "content",
      /has 0 subjects/,
    ],
    [
      "with two digests",
      () => ({
        statement: changed((it) => {
          it.subject[0].digest.sha512 = "ab".repeat(64);
        }),
      }),
      "content",
      /subject has not exactly one digest/,
    ],
    [
      "with a name that stands twice",
      () => ({ statement: twice(changed(() => {})) }),
      "content",
      /has the name `predicateType` twice/,
    ],
    [
      "with a name that stands twice in its predicate",
      () => ({ statement: changed(() => {}).replace('"predicate":{}', '"predicate":{"a":1,"\\u0061":2}') }),
      "content",
      /has the name `a` twice/,
    ],
    [
      "with a field that other readers take for another",
      () => ({
        statement: changed((it) => {
          it.Subject = [];
        }),
      }),
      "content",
      /has the field `Subject`, which other readers take for `subject`/,
    ],
    [
      "with an unknown field",
      () => ({
        statement: changed((it) => {
          it.more = 1;
        }),
      }),
      "content",
      /unknown field `more`/,
    ],
    [
      "of another type of statement",
      () => ({
        statement: changed((it) => {
          it._type = "https://in-toto.io/Statement/v2";
        }),
      }),
      "content",
      /The statement is of type `https:\/\/in-toto\.io\/Statement\/v2`/,
    ],
    [
      "with two signatures",
      () => ({
        around: (/** @type {any} */ it) => it.dsseEnvelope.signatures.push(it.dsseEnvelope.signatures[0]),
      }),
      "blob",
      /The envelope has 2 signatures/,
    ],
    [
      "without a signature",
      () => ({
        around: (/** @type {any} */ it) => {
          it.dsseEnvelope.signatures = [];
        },
      }),
      "blob",
      /has 0 signatures/,
    ],
  ];
  for (const [what, made, step, why, key] of wrong) {
    test(`${form}: one ${what} is refused, and says why`, async () => {
      signByTag();
      attest(form, made(), key);
      const { state, reason, attestations, required, signatures } = await verify(asked);
      assert.equal(state, "invalid", reason);
      assert.match(reason, why);
      assert.match(reason, /^The attestation of type slsaprovenance .* does not count: /);
      assert.equal(required?.[0]?.met, false);
      assert.deepEqual(
        signatures.map(({ verified }) => verified),
        [true],
      );
      const [one] = attestations;
      assert.ok(one?.verified === false);
      assert.deepEqual([one.failed, attestations.length], [step, 1]);
      assert.match(one.reason, why);
      // Who does not ask for it is told of it, and nothing depends on it.
      const unasked = await verify({ attestations: "verify" });
      assert.deepEqual([unasked.state, unasked.attestations], ["verified", attestations]);
      assert.deepEqual((await verify()).state, "verified");
    });
  }

  test(`${form}: with another payload type, it is no attestation, and the reason says so`, async () => {
    signByTag();
    attest(form, { payloadType: "text/plain" });
    const { state, reason, required } = await verify(asked);
    assert.equal(state, "invalid");
    assert.match(reason, /The envelope holds `text\/plain`, not an in-toto statement/);
    assert.equal(required?.[0]?.met, false);
  });

  test(`${form}: the older statement counts, and the name of its subject binds it to the repository`, async () => {
    signByTag(rsa);
    const name = `${registry.domain}/${repository}`;
    const old = (/** @type {string} */ called) =>
      changed((it) => {
        it._type = "https://in-toto.io/Statement/v0.1";
        it.subject[0].name = called;
      });
    attest(form, { statement: old(name) });
    const strict = { ...asked, requireRepository: true };
    const bound = await verify(strict);
    assert.equal(bound.state, "verified", bound.reason);
    assert.equal(bound.attestations[0]?.verified && bound.attestations[0].repositoryBound, true);
    attest(form, { statement: old("registry.example/other") });
    assert.equal((await verify(asked)).state, "verified");
    const unbound = await verify(strict);
    assert.equal(unbound.state, "invalid");
    assert.match(unbound.reason, /does not name the image's repository, and requireRepository asks for it/);
    assert.deepEqual(
      unbound.attestations.map((one) => one.verified === false && one.failed),
      ["repository"],
    );
  });
}

test("as many keys have to attest as have to sign", async () => {
  const second = keyPair("P-256");
  const keys = { publicKey: undefined, keys: [rsa.pem, second.pem], threshold: 2 };
  signByTag();
  registry.referrers(repository, digest, indexOf(descriptor(bundle(second))));
  assert.equal((await verify(keys)).state, "verified");
  const one = envelopeLayer(rsa.privateKey, { digest });
  putUnderTag(
    registry,
    repository,
    digest,
    one,
    envelopeLayer(rsa.privateKey, {
      digest,
      predicateType: slsa,
      statement: changed((it) => {
        it.predicate = { again: 1 };
      }),
    }),
  );
  const few = await verify({ ...keys, ...asked });
  assert.equal(few.state, "invalid");
  assert.match(few.reason, /signed by only 1 of the 2 required keys/);
  putUnderTag(registry, repository, digest, one, envelopeLayer(second.privateKey, { digest }));
  assert.equal((await verify({ ...keys, ...asked })).state, "verified");
});

test("each type that is asked for has to be there", async () => {
  signByTag();
  const made = [
    ["https://slsa.dev/provenance/v0.2", "slsaprovenance02"],
    ["https://spdx.dev/Document/v2.3", "spdx"],
    ["https://cyclonedx.org/bom", "cyclonedx"],
    ["https://openvex.dev/ns/v0.2.0", "openvex"],
    ["https://example.com/own/v1", "https://example.com/own/v1"],
  ];
  putUnderTag(
    registry,
    repository,
    digest,
    ...made.map(([predicateType]) =>
      envelopeLayer(rsa.privateKey, { digest, predicateType, annotations: {} }),
    ),
  );
  const all = await verify({ require: made.map(([, name]) => name) });
  assert.equal(all.state, "verified", all.reason);
  for (const missing of [
    "slsaprovenance1",
    "vuln",
    "https://example.com/own",
    "https://example.com/own/v1/x",
  ]) {
    const { state, required } = await verify({ require: [...made.map(([, name]) => name), missing] });
    assert.equal(state, "invalid", missing);
    assert.deepEqual(
      required?.map(({ met }) => met),
      [...made.map(() => true), false],
    );
  }
  assert.equal((await verify({ require: ["slsaprovenance"] })).state, "verified", "v0.2 is one, too");
});

test("a short name means its types, with a version where these have one, and nothing else", async () => {
  signByTag();
  for (const [require, predicateType, met] of /** @type {const} */ ([
    ["spdx", spdx, true],
    ["spdx", `${spdx}/v2.3`, true],
    ["spdx", `${spdx}ary`, false],
    ["spdx", slsa, false],
    ["cyclonedx", "https://cyclonedx.org/schema/bom-1.5", true],
    ["cyclonedx", spdx, false],
    ["openvex", "https://cyclonedx.org/bom", false],
    ["slsaprovenance1", `${slsa}/v2`, false],
  ])) {
    attest("envelope", { predicateType, annotations: {} });
    const { state, reason, required } = await verify({ require: [require] });
    assert.deepEqual([state, required?.[0]?.met], [met ? "verified" : "invalid", met], predicateType);
    if (met) assert.ok(reason.endsWith(` Attested as required: ${require}.`), reason);
  }
});

test("why a required attestation is not there says what of the others may be it", async () => {
  signByTag();
  const nothing = envelopeLayer(rsa.privateKey, {
    digest,
    annotations: {},
    statement: changed((it) => delete it.predicateType),
  });
  const spdxBy = (/** @type {any} */ key) =>
    envelopeLayer(key.privateKey, { digest, predicateType: spdx, annotations: { predicateType: spdx } });
  const absent =
    /^No attestation of type openvex \(https:\/\/openvex\.dev\/ns\) was found\. The signatures are not/;
  for (const [made, said] of /** @type {const} */ ([
    // What does not say what it is may be the one that is meant; what is another, good or bad, is not.
    [[nothing], /^The attestation of type openvex .*does not count: /],
    [[spdxBy(rsa), nothing], /^The attestation of type openvex .*does not count: /],
    [[spdxBy(other)], absent],
    [[spdxBy(rsa)], absent],
    [[], absent],
  ])) {
    putUnderTag(registry, repository, digest, ...made);
    const { state, reason } = await verify({ require: ["openvex"] });
    assert.equal(state, "invalid");
    assert.match(reason, said);
  }
  // Of two, the one that could not be read hides not why the other one does not count.
  const slsaBy = (/** @type {any} */ key, /** @type {number} */ at) =>
    envelopeLayer(key.privateKey, {
      digest,
      statement: changed((it) => Object.assign(it.predicate, { at })),
    });
  const [gone, wrong] = [slsaBy(rsa, 1), slsaBy(other, 2)];
  putUnderTag(registry, repository, digest, gone, wrong);
  registry.answer(`GET /v2/${repository}/blobs/${gone.layer.digest}`, status(403));
  const both = await verify(asked);
  assert.equal(both.state, "unreachable");
  assert.match(
    both.reason,
    /^The attestation of type slsaprovenance .*does not count: The signature was not made/,
  );
  // Of a bundle without an annotation, only its blob says what it is.
  putUnderTag(registry, repository, digest);
  const bundled = forms.bundle?.(rsa.privateKey, { digest, annotations: {} });
  assert.ok(bundled);
  // By a key that does not count, and yet it was opened.
  const signature = bundleLayer(other.privateKey, { digest });
  registry.blob(repository, signature.bytes);
  for (const [layer, perhaps] of /** @type {const} */ ([
    [{ ...bundled.layer, size: bundled.layer.size + 1 }, true],
    [{ ...bundled.layer, size: null }, false],
    [signature.layer, false],
    [simpleLayer(other.privateKey, bundled.bytes), false],
    [{ ...simpleLayer(rsa.privateKey, bundled.bytes), size: bundled.layer.size + 1 }, false],
  ])) {
    registry.blob(repository, bundled.bytes);
    const at = registry.manifest(repository, manifestOf(layer));
    registry.referrers(repository, digest, indexOf(descriptor(at)));
    const { reason } = await verify({ require: ["openvex"] });
    assert.match(reason, /^No attestation of type openvex/);
    assert.equal(/ was found\. A bundle could not be opened, and may be one: /.test(reason), perhaps, reason);
  }
});

test("what may be asked is checked before anything is fetched", async () => {
  const long = (/** @type {number} */ length) => `https://example.com/${"x".repeat(length - 20)}`;
  assert.equal((await verify({ require: [long(1000)] })).state, "unsigned");
  for (const [options, said] of /** @type {const} */ ([
    [{ require: ["slsaprovenence"] }, /unknown type of attestation, `slsaprovenence`/],
    [{ require: [""] }, /unknown type/],
    [{ require: ["not a url"] }, /unknown type/],
    [{ require: "spdx" }, /not a list/],
    [{ require: [1] }, /not a list/],
    [{ require: ["spdx", 1] }, /not a list/],
    [{ require: [long(1001)] }, /unknown type/],
    [{ require: [`${long(40)} x`] }, /unknown type/],
    [{ require: ["see https://example.com/x"] }, /unknown type/],
    [{ require: [" https://example.com/x"] }, /unknown type/],
    [{ require: ["https://example.com/x\n"] }, /unknown type/],
    [{ require: ["https://"] }, /unknown type/],
    [{ require: ["https://sigstore.dev/cosign/sign/v1"] }, /the type of signatures/],
    [{ attestations: "all" }, /neither `list` nor `verify`/],
    [{ attestations: "list", require: ["spdx"] }, /`list` does not verify/],
  ])) {
    await assert.rejects(verify(/** @type {any} */ (options)), (/** @type {any} */ error) => {
      assert.equal(error.code, "bad-input");
      assert.match(error.message, said);
      return true;
    });
  }
});

test("what cannot be read is no absence: with `require` unreachable, otherwise only told", async () => {
  signByTag();
  const blob = attest("envelope");
  const path = `GET /v2/${repository}/manifests/${attTag(digest)}`;
  for (const [place, answer] of /** @type {const} */ ([
    [path, status(403)],
    [path, status(200, { "content-type": "text/html" }, "<html>")],
    [`GET /v2/${repository}/blobs/${blob}`, status(500)],
  ])) {
    registry.answer(place, answer);
    const unasked = await verify({ attestations: "verify" });
    assert.equal(unasked.state, "verified", unasked.reason);
    assert.equal(unasked.problems.length, 1);
    const { state, reason, required } = await verify(asked);
    assert.equal(state, "unreachable", place);
    assert.match(reason, /Something could not be read: /);
    assert.equal(required?.[0]?.met, false);
  }
});

test("a blob that is another than its manifest names is refused", async () => {
  signByTag();
  const { layer } = envelopeLayer(rsa.privateKey, { digest });
  const { bytes } = envelopeLayer(rsa.privateKey, {
    digest,
    statement: changed((it) => {
      it.predicate = { x: 1 };
    }),
  });
  putUnderTag(registry, repository, digest, { layer: { ...layer, size: bytes.length }, bytes });
  registry.answer(`GET /v2/${repository}/blobs/${layer.digest}`, status(200, {}, bytes));
  const { state, attestations } = await verify(asked);
  assert.notEqual(state, "verified");
  assert.notEqual(attestations[0]?.verified, true);
});

test("what nobody signed is refused: a statement without an envelope, as BuildKit stores it", async () => {
  signByTag();
  putUnderTag(
    registry,
    repository,
    digest,
    layerOf(
      Buffer.from(changed(() => {})),
      { "in-toto.io/predicate-type": slsa },
      "application/vnd.in-toto+json",
    ),
  );
  const { state, reason } = await verify(asked);
  assert.equal(state, "invalid");
  assert.match(reason, /without an envelope: nobody has signed it/);
});

test("one that is named an attestation, and says that the image was signed, is none", async () => {
  signByTag();
  // So large that its manifest is believed until it is opened.
  const statement = JSON.stringify({
    ...statementFor({ digest }),
    predicate: { x: "x".repeat(1024 * 1024) },
  });
  attest("bundle", { statement });
  const { state, reason, attestations } = await verify(asked);
  assert.equal(state, "invalid", reason);
  assert.match(reason, /The bundle says that the image was signed: it is no attestation/);
  assert.deepEqual(
    attestations.map((it) => it.verified === false && it.failed),
    ["blob"],
  );
});

test("what stands beside the payload of an envelope changes nothing", async () => {
  signByTag();
  attest("envelope", {
    around: (/** @type {any} */ it) =>
      Object.assign(it.dsseEnvelope, { _type: "https://in-toto.io/Statement/v1" }),
  });
  const { state, reason } = await verify(asked);
  assert.equal(state, "verified", reason);
});

test("one that does not count is told by what it says itself, and not by its annotation", async () => {
  for (const form of ["envelope", "bundle"]) {
    attest(form, { predicateType: spdx, annotations: { predicateType: slsa } }, other);
    const { attestations } = await verify({ attestations: "verify" });
    const [one] = attestations.slice(-1);
    assert.deepEqual([one?.verified, one?.predicateType], [false, spdx], form);
  }
});

test("one that is too large is refused by its size, and not read", async () => {
  signByTag();
  const { layer, bytes } = envelopeLayer(rsa.privateKey, { digest });
  putUnderTag(registry, repository, digest, { layer: { ...layer, size: 17 * 1024 * 1024 }, bytes });
  const { state, reason } = await verify(asked);
  assert.equal(state, "invalid");
  assert.match(reason, /The attestation has 17825792 bytes; at most 16777216 are read/);
});

for (const form of ["envelope", "bundle"]) {
  test(`${form}: a bill of materials of two megabytes is verified`, async () => {
    signByTag();
    const large = changed((it) => {
      it.predicateType = spdx;
      it.predicate = {
        packages: Array.from({ length: 20_000 }, (_, at) => ({
          name: `package-${at}`,
          version: "1.0",
          note: "x".repeat(40),
        })),
      };
    });
    attest(form, { statement: large, annotations: { predicateType: spdx } });
    const { state, reason, attestations } = await verify({ require: ["spdx"] });
    assert.equal(state, "verified", reason);
    assert.deepEqual(
      attestations.map(({ verified }) => verified),
      [true],
    );
  });
}

test("one that is named several times is one, and says where it was", async () => {
  const sign = envelopeLayer(rsa.privateKey, { digest });
  for (const [underTag, listed, from] of /** @type {const} */ ([
    [2, 0, "attestation-tag"],
    [1, 2, "referrers,attestation-tag"],
    [0, 2, "referrers"],
  ])) {
    const layers = (/** @type {number} */ times) => Array.from({ length: times }, () => sign.layer);
    const at = registry.manifest(repository, manifestOf(...layers(listed)));
    registry.referrers(repository, digest, indexOf(...(listed > 0 ? [descriptor(at)] : [])));
    putUnderTag(registry, repository, digest, ...layers(underTag).map((layer) => ({ ...sign, layer })));
    const { attestations, problems } = await verify({ attestations: "verify" });
    assert.deepEqual(
      attestations.map((one) => [one.from.join(), one.verified]),
      [[from, true]],
      JSON.stringify(problems),
    );
  }
});

test("beside a thousand signatures, no attestation is looked at, and that is said once", async () => {
  const payload = JSON.stringify(payloadFor({ repository: `${registry.domain}/${repository}`, digest }));
  const signed = simpleLayer(rsa.privateKey, Buffer.from(payload));
  registry.blob(repository, Buffer.from(payload));
  const bad = Array.from({ length: 999 }, (_, at) => {
    const signature = Buffer.from(`signature ${at}`).toString("base64");
    return simpleLayer(rsa.privateKey, Buffer.from(payload), { signature });
  });
  const signatures = manifestOf(signed, ...bad);
  registry.manifest(repository, signatures, sigTag);
  const two = [slsa, spdx].map((predicateType) => envelopeLayer(rsa.privateKey, { digest, predicateType }));
  putUnderTag(registry, repository, digest, ...two);
  const { state, attestations, problems } = await verify({ attestations: "verify" });
  assert.deepEqual([state, attestations], ["verified", []]);
  assert.deepEqual(
    problems.map(({ message }) => message),
    ["There are more than 1000 signatures; the others were not looked at."],
  );
});

test("a damaged attestation under the tag is told, and one that is asked for is then not there", async () => {
  signByTag();
  const { layer, bytes } = envelopeLayer(rsa.privateKey, { digest });
  const { size, ...sizeless } = layer;
  assert.ok(size);
  putUnderTag(registry, repository, digest, { layer: sizeless, bytes });
  const { state, problems, attestations } = await verify({ require: ["slsaprovenance"] });
  assert.notEqual(state, "verified");
  assert.deepEqual(attestations, []);
  const [told, ...more] = problems;
  assert.deepEqual([told?.from, told?.code, more.length], ["attestation-tag", "bad-reply", 0]);
  assert.match(String(told?.message), /layers\[0\] has no size/);
});

for (const predicateType of ["https://sigstore.dev/cosign/sign/v1", "", "x".repeat(1001)]) {
  const called = predicateType.slice(0, 40) || "nothing";
  test(`envelope: what says ${called} is no attestation, whatever its annotation says`, async () => {
    signByTag();
    attest("envelope", { predicateType, annotations: { predicateType: slsa } });
    const { state, attestations } = await verify(asked);
    assert.notEqual(state, "verified");
    assert.deepEqual(
      attestations.map(({ verified }) => verified),
      [false],
    );
    assert.match(JSON.stringify(attestations), /which is no predicate type of an attestation/);
  });
}

test("of an image that an index covers, its own attestations count", async () => {
  const index = Buffer.from(
    JSON.stringify(
      indexOf({ ...descriptor(digest), size: manifestOf({ digest: "the image itself" }).length }),
    ),
  );
  const whole = registry.manifest(repository, index, undefined, indexType);
  signByTag(rsa, whole);
  const coveredBy = `${registry.domain}/${repository}@${whole}`;
  assert.equal((await verify({ coveredBy })).state, "verified");
  putUnderTag(registry, repository, whole, envelopeLayer(rsa.privateKey, { digest: whole }));
  const ofIndex = await verify({ coveredBy, ...asked });
  assert.deepEqual([ofIndex.state, ofIndex.coveredBy], ["invalid", undefined]);
  putUnderTag(registry, repository, digest, envelopeLayer(rsa.privateKey, { digest }));
  const own = await verify({ coveredBy, ...asked });
  assert.equal(own.state, "verified", own.reason);
  // Every manifest of an index needs what is required.
  signByTag();
  const all = { publicKey: rsa.pem, recursive: true, ...asked };
  assert.equal((await verifyImage(coveredBy, all)).state, "verified");
  registry.manifest(repository, manifestOf({ mediaType: "x" }), attTag(digest));
  assert.equal((await verifyImage(coveredBy, all)).state, "invalid");
});

test("of a list, each image is asked for the same", async () => {
  signByTag();
  const states = [];
  for (const made of [false, true]) {
    if (made) attest("envelope");
    for await (const { verification } of verifyAll([reference], { publicKey: rsa.pem, ...asked })) {
      states.push(verification?.state);
    }
  }
  assert.deepEqual(states, ["invalid", "verified"]);
});

test("the tag of attestations is read once, and not at all where nobody asks for it", async () => {
  signByTag();
  attest("envelope");
  let times = 0;
  const path = `GET /v2/${repository}/manifests/${attTag(digest)}`;
  registry.answer(path, (_, reply) => {
    times += 1;
    reply.writeHead(404, { "content-type": "application/json" }).end(errors("MANIFEST_UNKNOWN"));
  });
  await verify();
  assert.equal(times, 0);
  await verify({ attestations: "verify" });
  assert.equal(times, 1);
});

test("no change of what was signed is verified", async () => {
  const seed = newSeed();
  const random = randomNumbers(seed);
  signByTag();
  const { bytes } = envelopeLayer(rsa.privateKey, { digest });
  const text = String(bytes);
  const made = Array.from({ length: 40 }, () => {
    const at = random(text.length);
    const letter = 'ABCabc019+/={}" :'[random(17)] ?? "";
    return `${text.slice(0, at)}${letter}${text.slice(at + 1)}`;
  }).filter((it) => it !== text);
  putUnderTag(
    registry,
    repository,
    digest,
    ...made.map((it) => layerOf(Buffer.from(it), { predicateType: slsa })),
  );
  const { state, attestations } = await verify(asked);
  // A change of the key's id, or of white space, changes nothing that was signed.
  const wrong = attestations.filter(({ verified, digest: of }) => {
    const changedText = made.find((it) => layerOf(Buffer.from(it), {}).layer.digest === of) ?? "";
    const same = (() => {
      try {
        const [one, two] = [JSON.parse(changedText), JSON.parse(text)];
        return (
          one.payload === two.payload &&
          one.payloadType === two.payloadType &&
          one.signatures[0].sig === two.signatures[0].sig
        );
      } catch {
        return false;
      }
    })();
    return verified === true && !same;
  });
  assert.deepEqual(wrong, [], `seed ${seed}, ${state}`);
});
