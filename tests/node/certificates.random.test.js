// Damaged certificates, by chance: no byte of one may change what is verified, and none may break or stall the reader.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { certificateAnnotation, chainAnnotation, simple, verified } from "../support/certified.js";
import { ca, Pki, signing } from "../support/code-signing.js";
import { newSeed, randomNumbers } from "../support/random.js";

const pki = new Pki();
after(() => pki.close());

const root = pki.issue("/O=Example/CN=Root");
const middle = pki.issue("/O=Example/CN=Middle", { issuer: root, extensions: ca });
const names = "subjectAltName=email:release@example.com";
const leaf = pki.issue("/O=Example/CN=Release", { issuer: middle, extensions: [...signing, names] });

/** @param {Uint8Array} der */
const pemOf = (der) =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString("base64")}\n-----END CERTIFICATE-----\n`;

/** @param {Record<string, string>} annotations */
async function judged(annotations) {
  const { state, signatures } = await verified(simple({ leaf, chain: [middle], annotations }), {
    roots: root.pem,
  });
  return { state, signature: signatures[0] };
}

test("a certificate with a changed, missing or added byte is refused, or says the same", async (t) => {
  const seed = newSeed();
  t.diagnostic(`OCISIGN_SEED=${seed}`);
  const random = randomNumbers(seed);
  const { signature: whole } = await judged({});
  let refused = 0;
  for (let round = 0; round < 300; round++) {
    const own = random(2) === 0;
    const bytes = [...(own ? leaf : middle).der];
    const at = random(bytes.length);
    const kind = random(10);
    if (kind < 8) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind === 8) bytes.splice(at, 1);
    else bytes.splice(at, 0, random(256));
    const name = own ? certificateAnnotation : chainAnnotation;
    const { state, signature } = await judged({ [name]: pemOf(Uint8Array.from(bytes)) });
    const what = `OCISIGN_SEED=${seed}, round ${round}, byte ${at} of ${own ? "the leaf" : "the middle"}`;
    if (state === "verified") {
      const { fingerprint: _, ...facts } = signature?.certificate ?? assert.fail(what);
      const { fingerprint: __, ...wholeFacts } = whole?.certificate ?? assert.fail(what);
      assert.deepEqual(facts, wholeFacts, what);
    } else {
      assert.equal(state, "invalid", what);
      assert.ok(signature?.reason, what);
      refused++;
    }
  }
  assert.ok(refused > 280, `OCISIGN_SEED=${seed}: ${refused} of 300 were refused`);
});

test("what is nested, endless or repeated is refused", async () => {
  const nested = (/** @type {number} */ depth) => {
    let inner = Buffer.from("0500", "hex");
    for (let level = 0; level < depth; level++) {
      const head = Buffer.from([
        0x30,
        0x83,
        inner.length >> 16,
        (inner.length >> 8) & 255,
        inner.length & 255,
      ]);
      inner = Buffer.concat([head, inner]);
    }
    return inner;
  };
  const all = [
    pemOf(nested(9000)),
    pemOf(Buffer.concat([Buffer.from("3082bb80", "hex"), Buffer.alloc(0xbb80, 0x30)])),
    pemOf(Buffer.concat([Buffer.from("3082bb80", "hex"), Buffer.from("3080".repeat(24_000), "hex")])),
    "-----BEGIN CERTIFICATE-----".repeat(2400),
    "-----BEGIN ".repeat(5900),
    "-----BEGIN CERTIFICATE----------END CERTIFICATE-----".repeat(1200),
    `-----BEGIN ${"x".repeat(60_000)}-----`,
  ];
  for (const text of all) {
    for (const name of [certificateAnnotation, chainAnnotation]) {
      const { state, signature } = await judged({ [name]: text });
      assert.equal(state, "invalid");
      assert.match(signature?.reason ?? "", /damaged|not a certificate in PEM/);
    }
  }
});
