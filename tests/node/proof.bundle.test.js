// What a Sigstore bundle must say, to the field. All of these are really signed.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  annotation,
  good,
  goodLayer,
  hex,
  refused,
  rsa,
  text,
  verify,
  verifyBundle,
} from "../support/proving.js";
import { bundleDescriptor, bundleLayer, image, statementFor } from "../support/signatures.js";
import { importLibrary } from "../support/source.js";

const { bundleVersion } = await importLibrary(["pkg/src/signature/proof/bundle.ts"]);

test("a bundle that says anything else is refused, although its signature holds", async () => {
  const statement = (change) => {
    const changed = statementFor();
    change(changed);
    return { statement: JSON.stringify(changed) };
  };
  const spelled = (from, to) => ({ statement: JSON.stringify(statementFor()).replace(from, to) });
  for (const [made, said] of /** @type {const} */ ([
    [statement((it) => delete it.predicateType), /predicateType is not a string/],
    [{ predicateType: "https://spdx.dev/Document" }, /not that the image was signed/],
    [spelled("/Statement/v1", "/Statement/v0.1"), /of type/],
    [spelled(`"${hex}"`, '"00"'), /The signature is of another image/],
    // Joined to a text, a list of one looks like what it holds.
    [spelled(`"${hex}"`, `["${hex}"]`), /not a string/],
    [spelled(`{"sha256":"${hex}"}`, `{"":"${image.digest}"}`), /another image/],
    [spelled(`{"sha256":"${hex}"}`, `["sha256","${hex}"]`), /not an object/],
    [spelled(`"sha256":"${hex}"`, `"sha256":"${hex}","sha512":"00"`), /exactly one digest/],
    [spelled(`"sha256":"${hex}"`, ""), /exactly one digest/],
    [spelled(`"sha256":"${hex}"`, `"sha256":"00","sha25\\u0036":"${hex}"`), /`sha256` twice/],
    [statement((it) => it.subject.push(it.subject[0])), /has 2 subjects, a signature has one/],
    [statement((it) => it.subject.pop()), /0 subjects/],
    [spelled(/"subject":\[(.*?)\]/, '"subject":$1'), /subject is not a list/],
    [spelled(/"subject":\[.*?\]/, '"subject":[null]'), /not an object/],
    [statement((it) => Object.assign(it, { extra: 1 })), /unknown field/],
    [spelled('"_type"', '"__proto__":{},"_type"'), /unknown field/],
    [spelled('"_type"', '"_type":"x","_type"'), /twice/],
    [{ statement: "" }, /statement is damaged/],
    [{ statement: "[]" }, /^statement is not an object/],
    [{ statement: text }, /unknown field/],
  ])) {
    await refused(verifyBundle(made), "content", said, JSON.stringify(made));
  }
});

for (const mediaType of [
  "application/vnd.dev.sigstore.bundle.v0.3+json",
  "application/vnd.dev.sigstore.bundle+json;version=0.3",
  "application/vnd.dev.sigstore.bundle+json; version=0.3",
  'application/vnd.dev.sigstore.bundle+json;version="0.3"',
]) {
  test(`the same format under either name: ${mediaType}`, async () => {
    const { bytes } = bundleLayer(rsa.privateKey, { around: (it) => Object.assign(it, { mediaType }) });
    for (const layer of [bundleDescriptor(bytes), { ...bundleDescriptor(bytes), mediaType }]) {
      const { state, reason, signatures } = await verify(layer, bytes);
      assert.deepEqual([state, signatures[0].format], ["verified", "bundle"], reason);
    }
  });
}

for (const [mediaType, said] of /** @type {const} */ ([
  ["application/vnd.dev.sigstore.bundle+json;version=0.1", /format version 0\.1, only v0\.3/],
  ["application/vnd.dev.sigstore.bundle+json;version=0.2", /format version 0\.2, only v0\.3/],
  ["application/vnd.dev.sigstore.bundle.v0.4+json", /format version 0\.4, only v0\.3/],
  ["application/vnd.dev.sigstore.bundle+json;version=0.31", /format version 0\.31/],
  ["application/vnd.dev.sigstore.bundle+json;version=0.3;version=0.2", /of type .*, only v0\.3/],
  ["application/vnd.dev.sigstore.bundle+json", /of type .*, only v0\.3/],
  ["application/vnd.dev.sigstore.bundle+json;version=", /of type .*, only v0\.3/],
  ["application/vnd.dev.sigstore.bundle+jsonx;version=0.3", /of type .*, only v0\.3/],
])) {
  test(`another version is named: ${mediaType}`, async () => {
    const { layer, bytes } = bundleLayer(rsa.privateKey, {
      around: (it) => Object.assign(it, { mediaType }),
    });
    await refused(verify(layer, bytes), "blob", said);
  });
}

test("a bundle that is none is refused before its signature is looked at", async () => {
  const around = (change) => bundleLayer(rsa.privateKey, { around: change }).bytes;
  const envelope = (fields) => around((it) => Object.assign(it.dsseEnvelope, fields));
  const whole = around(() => {}).toString();
  const { sig } = JSON.parse(whole).dsseEnvelope.signatures[0];
  for (const [bytes, said] of /** @type {const} */ ([
    [around((it) => Object.assign(it, { mediaType: `${it.mediaType};version=0.2` })), /only v0.3/],
    [around((it) => delete it.mediaType), /mediaType is not a string/],
    [around((it) => Object.assign(it, { dsseEnvelope: null })), /no DSSE envelope/],
    [around((it) => delete it.dsseEnvelope), /no DSSE envelope/],
    [around((it) => Object.assign(it, { dsseEnvelope: [] })), /not an object/],
    [bundleLayer(rsa.privateKey, { payloadType: "text/plain" }).bytes, /not an in-toto/],
    [envelope({ payload: "!" }), /payload is not base64/],
    [envelope({ payload: 7 }), /payload is not a string/],
    [envelope({ payload: `${JSON.parse(whole).dsseEnvelope.payload}\n` }), /payload is not base64/],
    [envelope({ signatures: [] }), /0 signatures/],
    [envelope({ signatures: [{ sig }, { sig }] }), /2 signatures/],
    [envelope({ signatures: { 0: { sig }, length: 1 } }), /not a list/],
    [envelope({ signatures: [sig] }), /sig is not a string/],
    [envelope({ signatures: [{ sig: [sig] }] }), /sig is not a string/],
    [Buffer.from(whole.replace('"payload"', '"\\u0070ayload":"","payload"')), /`payload` twice/],
    [Buffer.from(`\ufeff${whole}`), /not JSON/],
    [Buffer.from("[]"), /not an object/],
    [good, /mediaType is not a string/],
  ])) {
    await refused(verify(bundleDescriptor(bytes), bytes), "blob", said, bytes.toString());
  }
  const { layer, bytes } = bundleLayer(rsa.privateKey);
  const asPayload = { ...layer, mediaType: goodLayer.mediaType, annotations: { [annotation]: sig } };
  await refused(verify(asPayload, bytes), "signature", /any of the given keys/);
});

test("foreign text stands in a reason in short, on one line, with all that is invisible written out", async () => {
  for (const [type, shown] of /** @type {const} */ ([
    ["a ~!b", "a ~!b"],
    ["x".repeat(60), "x".repeat(60)],
    ["x".repeat(61), `${"x".repeat(60)}…`],
    ["x".repeat(500_000), `${"x".repeat(60)}…`],
    // One character of two units counts once.
    ["😀".repeat(60), "\\u{1f600}".repeat(60)],
    [`${"x".repeat(60)}😀`, `${"x".repeat(60)}…`],
    ["a\nb\tc", "a\\u{a}b\\u{9}c"],
    ["\u202eltr\u007f\u00e9", "\\u{202e}ltr\\u{7f}\\u{e9}"],
    ["", ""],
  ])) {
    const statement = JSON.stringify({ ...statementFor(), _type: type });
    const verification = await verifyBundle({ statement });
    assert.equal(verification.signatures[0]?.reason, `The statement is of type \`${shown}\`.`);
  }
});

test("which media types are those of bundles, and of which version", () => {
  const type = "application/vnd.dev.sigstore.bundle";
  for (const [mediaType, version] of /** @type {[string, string | undefined][]} */ ([
    [`${type}.v0.3+json`, "0.3"],
    [`${type}.v0.31+json`, "0.31"],
    [`${type}.v10.3+json`, "10.3"],
    [`${type}.V0.3+JSON`, "0.3"],
    [`${type}+json;version=0.3`, "0.3"],
    [`${type}+json ;  version="0.1"`, "0.1"],
    [`${type}+json;version=10.25`, "10.25"],
    // In another spelling, it is a bundle all the same.
    [`${type}+json`, "unknown"],
    [`${type}.v0.3.1+json`, "unknown"],
    [`${type}.v3+json`, "unknown"],
    [`${type}.v0.3+json;charset=utf-8`, "unknown"],
    [`${type}+json; version=0.3; x=1`, "unknown"],
    [`x-${type}.v0.3+json`, undefined],
    [`x-${type}+json`, undefined],
    [`${type}.v0.3+jsonl`, undefined],
    [`${type}s+json`, undefined],
    [`${type}.v0.3`, undefined],
    ["application/vnd.dev-sigstore.bundle.v0.3+json", undefined],
    ["", undefined],
  ])) {
    assert.equal(bundleVersion(mediaType), version, mediaType);
  }
});
