// How signatures carry certificates, and what callers pass: what is damaged, too large or ambiguous is refused, with its
// place.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, test } from "node:test";
import { OcisignError, verifySignatures } from "ocisign";
import {
  bundle,
  certificateAnnotation,
  chainAnnotation,
  outcome,
  simple,
  verified,
} from "../support/certified.js";
import { ca, now, Pki } from "../support/code-signing.js";
import { manifestOf, reference } from "../support/signatures.js";

const pki = new Pki();
after(() => pki.close());

const root = pki.issue("/O=Example/CN=Root");
const middle = pki.issue("/O=Example/CN=Middle", { issuer: root, extensions: ca });
const leaf = pki.issue("/O=Example/CN=Release", { issuer: middle });
const other = pki.issue("/O=Example/CN=Other", { issuer: middle });
const chain = [middle];
const roots = root.pem;

/** @param {string} words */
const inPem = (words) => `-----BEGIN CERTIFICATE-----\n${words}\n-----END CERTIFICATE-----\n`;

test("a signature by another key than its certificate's does not count", async () => {
  for (const make of [simple, bundle]) {
    const came = await outcome(make({ leaf, chain, signer: other }), { roots });
    assert.equal(came, "invalid, signature: The signature was not made with the key of its certificate.");
  }
});

test("a key that is given, too, has to be the certificate's", async () => {
  for (const make of [simple, bundle]) {
    const signature = make({ leaf, chain });
    assert.equal(await outcome(signature, { roots }, { publicKey: leaf.publicKey }), "verified");
    const both = { keys: [other.publicKey, leaf.publicKey] };
    assert.equal(await outcome(signature, { roots }, both), "verified");
    const came = await outcome(signature, { roots }, { publicKey: other.publicKey });
    assert.equal(came, "invalid, certificate: The certificate is of another key than the given ones.");
  }
});

test("a caller who looked for keys and found none does not trust any key of the roots", async () => {
  const signature = simple({ leaf, chain });
  assert.equal(await outcome(signature, { roots }, {}), "verified", "left out");
  for (const none of /** @type {any[]} */ ([
    { keys: [] },
    { keys: [], threshold: 1 },
    { publicKey: null },
    { keys: null },
    { publicKey: null, keys: [] },
    { publicKey: "" },
  ])) {
    await assert.rejects(verified(signature, { roots }, none), OcisignError, JSON.stringify(none));
  }
});

test("a signature without a certificate does not count where certificates do", async () => {
  const bare = /^invalid, certificate: The signature carries no certificate/;
  const none = { [certificateAnnotation]: undefined };
  assert.match(await outcome(simple({ leaf, annotations: none }), { roots }), bare);
  for (const material of [
    { publicKey: { hint: "" } },
    {},
    { certificate: null },
    { publicKey: null, tlogEntries: [] },
  ]) {
    assert.match(await outcome(bundle({ leaf, material }), { roots }), bare);
  }
  const alone = { [certificateAnnotation]: undefined, [chainAnnotation]: middle.pem };
  assert.match(
    await outcome(simple({ leaf, annotations: alone }), { roots }),
    /has a chain of certificates, and no certificate/,
  );
});

test("without roots, no certificate changes what a key says", async () => {
  const wrong = simple({ leaf: other, signer: leaf, annotations: { [certificateAnnotation]: "nonsense" } });
  const { state, signatures, warnings } = await verifySignatures({
    reference,
    ...wrong,
    publicKey: leaf.publicKey,
  });
  assert.equal(state, "verified");
  assert.equal(warnings, undefined);
  assert.deepEqual(signatures[0]?.checked, ["manifest", "blob", "signature", "content", "repository"]);
});

test("annotations that are no certificate in PEM are refused", async () => {
  const half = leaf.pem.slice(0, leaf.pem.length / 2);
  const all = [
    ["", /is not a certificate in PEM/],
    ["nonsense", /is not a certificate in PEM/],
    [half, /is not a certificate in PEM/],
    [leaf.pem + half, /is not a certificate in PEM: a block has no end/],
    [inPem(""), /is damaged: it is not base64/],
    [inPem("!!!!"), /is damaged: it is not base64/],
    [inPem("AAAA"), /is damaged/],
    [inPem(randomBytes(700).toString("base64")), /is damaged/],
    [inPem(leaf.der.subarray(0, -1).toString("base64")), /is damaged/],
    [inPem(Buffer.concat([leaf.der, Buffer.alloc(3)]).toString("base64")), /is damaged/],
    [inPem("MAA="), /is damaged: it cannot be read/],
    [
      inPem(Buffer.concat([Buffer.from("3082ffff", "hex"), Buffer.alloc(10)]).toString("base64")),
      /is damaged/,
    ],
    [leaf.pem + middle.pem, /is 2 certificates; one signs/],
    [leaf.keyPem, /holds `PRIVATE KEY`, where only certificates may be/],
    [leaf.publicKey, /holds `PUBLIC KEY`, where only certificates may be/],
    [leaf.pem.replaceAll("CERTIFICATE", "TRUSTED CERTIFICATE"), /holds `TRUSTED CERTIFICATE`/],
    [leaf.pem.replace("END CERTIFICATE", "END X"), /holds `CERTIFICATE`, where/],
    ["a".repeat(70_000), /The certificate has 70000 bytes; at most 65536 are read/],
    [7, /is not a string/],
    [[leaf.pem], /is not a string/],
  ];
  for (const [text, why] of /** @type {[unknown, RegExp][]} */ (all)) {
    const came = await outcome(simple({ leaf, chain, annotations: { [certificateAnnotation]: text } }), {
      roots,
    });
    assert.match(came, /^invalid, (certificate|manifest): /, String(text).slice(0, 80));
    assert.match(came, why);
  }
  const noted = `subject=Release\n${leaf.pem.replaceAll("\n", "\r\n")}`;
  assert.equal(
    await outcome(simple({ leaf, chain, annotations: { [certificateAnnotation]: noted } }), { roots }),
    "verified",
  );
});

test("chains that are damaged, mixed or too long are refused", async () => {
  const all = [
    ["nonsense", /The chain is not a certificate in PEM/],
    [middle.pem + inPem("AAAA"), /A certificate of the chain is damaged/],
    [middle.pem + middle.keyPem, /The chain holds `PRIVATE KEY`/],
    [middle.pem.repeat(11), /The chain holds 11 certificates; at most 10 are read/],
    [middle.pem.repeat(2000), /The chain has \d{7} bytes; at most 65536 are read/],
    [middle.pem + middle.pem, /out of order/],
  ];
  for (const [text, why] of /** @type {[string, RegExp][]} */ (all)) {
    const came = await outcome(simple({ leaf, annotations: { [chainAnnotation]: text } }), { roots });
    assert.match(came, /^invalid, (certificate|manifest): /);
    assert.match(came, why);
  }
});

test("an empty chain, as cosign writes one, is none", async () => {
  const empty = simple({ leaf, annotations: { [chainAnnotation]: "" } });
  assert.equal(await outcome(empty, { roots, intermediates: middle.pem }), "verified");
  assert.match(await outcome(empty, { roots }), /leads to no given root/);
});

test("a name that stands twice in a manifest is refused, whichever is right", async () => {
  const { manifest, blob } = simple({ leaf, chain });
  const name = JSON.stringify(certificateAnnotation);
  const twice = String(manifest).replace(`${name}:`, `${name}:${JSON.stringify(other.pem)},${name}:`);
  const { state, signatures } = await verified({ manifest: Buffer.from(twice), blob }, { roots });
  assert.equal(state, "invalid");
  assert.match(signatures[0]?.reason ?? "", /has the name `dev.sigstore.cosign\/certificate` twice/);
});

test("material of a bundle that is no certificate is refused", async () => {
  const raw = leaf.der.toString("base64");
  const all = [
    [{ certificate: { rawBytes: "" } }, /certificate\.rawBytes is not a certificate in base64/],
    [{ certificate: { rawBytes: raw.slice(1) } }, /certificate\.rawBytes is not a certificate in base64/],
    [
      { certificate: { rawBytes: Buffer.from(leaf.pem).toString("base64") } },
      /is not a certificate in base64/,
    ],
    [
      { certificate: { rawBytes: Buffer.concat([leaf.der, Buffer.alloc(1)]).toString("base64") } },
      /is damaged/,
    ],
    [{ certificate: {} }, /certificate\.rawBytes is not a string/],
    [{ certificate: leaf.pem }, /certificate\.rawBytes is not a string/],
    [
      { certificate: { rawBytes: raw }, publicKey: { hint: "" } },
      /has publicKey and certificate, and may have one/,
    ],
    [
      { certificate: { rawBytes: raw }, x509CertificateChain: { certificates: [{ rawBytes: raw }] } },
      /may have one of them/,
    ],
    [{ x509CertificateChain: { certificates: [] } }, /an empty chain/],
    [{ x509CertificateChain: {} }, /certificates is not a list/],
    [
      { x509CertificateChain: { certificates: [{ rawBytes: raw }, {}] } },
      /certificates\[1\]\.rawBytes is not a string/,
    ],
    [{ x509CertificateChain: { certificates: Array(12).fill({ rawBytes: raw }) } }, /at most 10 are read/],
    [{ Certificate: { rawBytes: raw } }, /which other readers take for `certificate`/],
    [{ certificate: { rawbytes: raw } }, /which other readers take for `rawBytes`/],
    [null, /verificationMaterial is not an object/],
    ["none", /verificationMaterial is not an object/],
  ];
  for (const [material, why] of /** @type {[unknown, RegExp][]} */ (all)) {
    const made = bundle({ leaf, material });
    const came = await outcome(made, { roots });
    assert.match(came, /^invalid, blob: |^invalid, certificate: /, JSON.stringify(material)?.slice(0, 80));
    assert.match(came, why);
  }
});

test("one good certificate among signatures that carry bad ones is enough", async () => {
  const [bad, good] = [simple({ leaf: other, signer: leaf, chain }), simple({ leaf, chain })];
  const layers = [bad, good].map(({ manifest }) => JSON.parse(String(manifest)).layers[0]);
  for (const order of [layers, [...layers].reverse()]) {
    const both = { manifest: manifestOf(...order), blob: good.blob };
    const { state, signatures } = await verified(both, { roots });
    assert.equal(state, "verified");
    assert.equal(signatures.filter(({ verified: counts }) => counts).length, 1);
    assert.equal(signatures.length, 2);
  }
});

test("several certificates are several keys, and one of a key is one", async () => {
  const again = pki.issue("/O=Example/CN=Release again", { issuer: middle, key: leaf });
  const made = [simple({ leaf, chain }), simple({ leaf: again, chain }), simple({ leaf: other, chain })];
  const layers = made.map(({ manifest }) => JSON.parse(String(manifest)).layers[0]);
  const blob = made[0]?.blob ?? Buffer.alloc(0);
  const by = (/** @type {number[]} */ ...which) => ({
    manifest: manifestOf(...which.map((at) => layers[at])),
    blob,
  });
  const options = { threshold: 2 };
  assert.equal(
    (await verified(by(0, 1), { roots }, options)).reason,
    "Signed by only 1 of the 2 required keys.",
  );
  const { state, reason } = await verified(by(0, 1, 2), { roots }, options);
  assert.equal(
    `${state}: ${reason}`,
    "verified: Signed by the keys of certificates below the given roots (2 of 2).",
  );
});

test("what a caller passes wrongly is said with its name, before anything is verified", async () => {
  const signature = simple({ leaf, chain });
  const all = [
    [{ roots: [] }, /certificates\.roots names no CA/],
    [{ roots: undefined }, /certificates\.roots is neither text nor bytes/],
    [{ roots: 7 }, /certificates\.roots is neither text nor bytes/],
    [{ roots: [root.pem, null] }, /certificates\.roots is neither text nor bytes/],
    [{ roots: Array(101).fill(root.pem) }, /nor a list of at most 100/],
    [{ roots: "nonsense" }, /certificates\.roots is not a certificate in PEM/],
    [{ roots: Buffer.from("nonsense") }, /certificates\.roots is not a certificate in PEM/],
    [{ roots: root.der.subarray(1) }, /certificates\.roots is not a certificate in PEM/],
    [{ roots: root.der.subarray(0, -1) }, /certificates\.roots is damaged/],
    [{ roots: root.keyPem }, /certificates\.roots holds `PRIVATE KEY`/],
    [{ roots: leaf.pem }, /`CN=Release,O=Example` is no CA/],
    [{ roots: root.pem, intermediates: leaf.der }, /`CN=Release,O=Example` is no CA/],
    [{ roots: root.pem, intermediates: null }, /certificates\.intermediates is neither/],
    [{ roots: root.pem, identity: "" }, /certificates\.identity is no name/],
    [{ roots: root.pem, identity: [] }, /certificates\.identity is no name/],
    [{ roots: root.pem, identity: /release/ }, /certificates\.identity is no name/],
    [{ roots: root.pem, subject: "" }, /certificates\.subject is empty/],
    [{ roots: root.pem, subject: 7 }, /certificates\.subject is not a string/],
    [{ roots: root.pem, at: "yesterday" }, /certificates\.at is no time/],
    [{ roots: root.pem, at: "2026-06-15" }, /certificates\.at is no time/],
    [{ roots: root.pem, at: "2026-02-30T25:00:00Z" }, /certificates\.at is no time/],
    [{ roots: root.pem, at: new Date("never") }, /certificates\.at is no time/],
    [{ roots: root.pem, at: Date.now() }, /certificates\.at is no time/],
    [{ roots: root.pem, root: root.pem }, /certificates has the unknown field `root`/],
    ["roots", /certificates is not an object/],
    [null, /certificates is not an object/],
  ];
  for (const [certificates, why] of /** @type {[any, RegExp][]} */ (all)) {
    const options = { reference, ...signature, certificates };
    await assert.rejects(verifySignatures(options), (error) => {
      assert.ok(error instanceof OcisignError);
      assert.equal(error.code, "bad-input");
      assert.match(error.message, why);
      return /^[A-Z]/.test(error.fix);
    });
  }
});

test("a file of a mebibyte is read, and of one character more is not", async () => {
  const signature = simple({ leaf, chain });
  const roots = root.pem.padEnd(2 ** 20, "\n");
  assert.equal((await verified(signature, { roots })).state, "verified");
  await assert.rejects(verified(signature, { roots: `${roots}\n` }), {
    code: "bad-input",
    message: /certificates\.roots is neither text nor bytes/,
  });
});

test("what a caller changes while it is verified changes nothing", async () => {
  const certificates = { roots: [root.pem], at: new Date(now), subject: "CN=Release,O=Example" };
  const underWay = verifySignatures({ reference, ...simple({ leaf, chain }), certificates });
  certificates.roots[0] = "nonsense";
  certificates.at.setFullYear(1990);
  certificates.subject = "CN=Other";
  assert.equal((await underWay).state, "verified");
});

test("foreign names in reasons hide nothing", async () => {
  const subject = "/CN=Root\u202e\u200b\u0007\nverified";
  const strange = pki.issue(subject, { issuer: root, extensions: [] });
  const came = await outcome(simple({ leaf: strange, annotations: {} }), { roots });
  assert.match(came, /^invalid, certificate: [ -~…]*$/);
});
