// Signatures in each form in which services and tools give them, pushed to registries that answer in ways of their own.
import assert from "node:assert/strict";
import { constants, sign } from "node:crypto";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { attachSignature, simpleSigningPayload, verifyImage } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { keyPair, manifestOf } from "../support/signatures.js";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const bytes = manifestOf({ digest: "the image itself" });
const image = `registry.example/team/app@${digestOf(bytes)}`;
const text = Buffer.from(simpleSigningPayload(image).text);
const uploads = "/v2/team/app/blobs/uploads/";

/**
 * A registry of one repository, as a `fetch`.
 *
 * @param {{ location?: string, blob?: number, put?: number, begin?: number, afterPut?: (pushed: boolean) => Response | undefined }} [how]
 */
function registryWith({ location = `${uploads}1`, blob = 201, put = 201, begin = 202, afterPut } = {}) {
  /** @type {Map<string, Uint8Array>} */
  const held = new Map([[`/v2/team/app/manifests/${digestOf(bytes)}`, bytes]]);
  /** @type {string[]} */
  const asked = [];
  /** @param {string} address @param {any} init */
  async function fetch(address, { method, body }) {
    const url = new URL(address);
    asked.push(`${method} ${url.origin}${url.pathname}`);
    const at = url.pathname;
    if (method === "POST") return new Response("", { status: begin, headers: { location } });
    if (method === "PUT" && !at.includes("/manifests/")) {
      held.set(`/v2/team/app/blobs/${url.searchParams.get("digest")}`, body);
      return new Response(blob === 204 ? null : "", { status: blob });
    }
    if (method === "PUT") {
      held.set(at, body);
      const own = afterPut?.(true);
      return own ?? new Response(put === 204 ? null : "", { status: put });
    }
    const found = held.get(at);
    if (found) return new Response(Buffer.from(found), { headers: { "content-type": manifestType } });
    const code = at.includes("/referrers/") ? "UNSUPPORTED" : "MANIFEST_UNKNOWN";
    return Response.json({ errors: [{ code, message: "" }] }, { status: 404 });
  }
  return { fetch, asked, held };
}

/** @param {any} signature @param {string} publicKey @param {Parameters<typeof registryWith>[0]} [how] */
async function attachTo(signature, publicKey, how) {
  const registry = registryWith(how);
  const { signatures } = await attachSignature(image, {
    signature,
    publicKey,
    registry: { fetch: registry.fetch },
  });
  assert.equal(signatures, 1);
  const { state } = await verifyImage(image, { publicKey, registry: { fetch: registry.fetch } });
  assert.equal(state, "verified");
  return registry;
}

for (const curve of /** @type {const} */ (["P-256", "P-384", "P-521"])) {
  test(`${curve}: r and s side by side, and DER, pushed as DER`, async () => {
    const { privateKey, pem } = keyPair(curve);
    // Often enough that r or s begins with zero bits, which one form leaves out and the other fills.
    for (let time = 0; time < 40; time++) {
      const raw = sign("sha256", text, { key: privateKey, dsaEncoding: "ieee-p1363" });
      const { held } = await attachTo(raw, pem);
      const [layer] = JSON.parse(Buffer.from(held.get(tagPath) ?? []).toString()).layers;
      const pushed = Buffer.from(layer.annotations["dev.cosignproject.cosign/signature"], "base64");
      assert.equal(pushed[0], 0x30);
    }
    await attachTo(sign("sha256", text, privateKey), pem);
  });
}
const tagPath = `/v2/team/app/manifests/${digestOf(bytes).replace(":", "-")}.sig`;

test("every container of bytes, and every text", async () => {
  const { privateKey, pem } = keyPair("P-256");
  const raw = sign("sha256", text, { key: privateKey, dsaEncoding: "ieee-p1363" });
  const der = sign("sha256", text, privateKey);
  for (const made of [raw, der]) {
    const alone = new Uint8Array(made);
    const padded = new Uint8Array([9, 9, 9, ...made, 9]);
    const shared = new Uint8Array(new SharedArrayBuffer(made.length));
    shared.set(made);
    for (const [name, given] of Object.entries({
      "a Buffer": made,
      "a Uint8Array": alone,
      "an ArrayBuffer": alone.buffer,
      "a part of a larger one": padded.subarray(3, 3 + made.length),
      "a DataView": new DataView(padded.buffer, 3, made.length),
      "an Int8Array": new Int8Array(alone.buffer),
      "a clamped array": new Uint8ClampedArray(alone.buffer),
      "shared bytes": shared,
      "a shared buffer": shared.buffer,
      "another realm's": runInNewContext("new Uint8Array(made).buffer", { made: [...made] }),
      base64: made.toString("base64"),
      "base64 without padding": made.toString("base64").replaceAll("=", ""),
      "base64 in lines": made.toString("base64").replace(/.{20}/g, "$& \r\n\t"),
      base64url: made.toString("base64url"),
      hexadecimal: made.toString("hex"),
      "hexadecimal in capitals": `${made.toString("hex").toUpperCase()}\n`,
    })) {
      await assert.doesNotReject(attachTo(given, pem), name);
    }
  }
  const rsa = keyPair("rsa");
  await attachTo(sign("sha256", text, rsa.privateKey).toString("base64url"), rsa.pem);
});

test("what is no signature of this key is not pushed, and what is none at all is said", async () => {
  const { privateKey, pem } = keyPair("P-256");
  const pss = { key: keyPair("rsa").privateKey, padding: constants.RSA_PKCS1_PSS_PADDING };
  for (const [given, code] of /** @type {[any, string][]} */ ([
    [sign("sha256", text, { key: keyPair("P-256").privateKey, dsaEncoding: "ieee-p1363" }), "bad-signature"],
    [sign("sha256", Buffer.from("other"), { key: privateKey, dsaEncoding: "ieee-p1363" }), "bad-signature"],
    [sign("sha256", text, pss), "bad-signature"],
    [new Uint8Array(64), "bad-signature"],
    ["!", "bad-signature"],
    ["", "bad-signature"],
    [new Uint8Array(), "bad-input"],
    [new ArrayBuffer(1e6), "bad-input"],
    [[1, 2, 3], "bad-input"],
    [undefined, "bad-input"],
  ])) {
    const { fetch, asked } = registryWith();
    await assert.rejects(attachSignature(image, { signature: given, publicKey: pem, registry: { fetch } }), {
      code,
    });
    assert.ok(
      asked.every((it) => it.startsWith("GET")),
      "nothing was written",
    );
  }
});

test("any success of a write is one, when it reads back right", async () => {
  const { privateKey, pem } = keyPair("P-256");
  const signature = sign("sha256", text, privateKey);
  for (const status of [200, 201, 202, 204]) {
    await attachTo(signature, pem, { put: status });
    await attachTo(signature, pem, { blob: status });
  }
  for (const begin of [200, 201, 202]) await attachTo(signature, pem, { begin });
});

test("a failure after the manifest was taken is none: what is there tells", async () => {
  const { privateKey, pem } = keyPair("P-256");
  const signature = sign("sha256", text, privateKey);
  for (const status of [500, 502, 504, 400]) {
    const { asked } = await attachTo(signature, pem, { afterPut: () => new Response("", { status }) });
    assert.equal(asked.filter((it) => it.startsWith("PUT") && it.includes("/manifests/")).length, 1);
  }
  const broken = () => {
    throw new Error("the connection broke");
  };
  await attachTo(signature, pem, { afterPut: broken });
});

test("an upload's place: relative, of the same host without TLS, and of another", async () => {
  const { privateKey, pem } = keyPair("P-256");
  const signature = sign("sha256", text, privateKey);
  for (const location of [
    `${uploads}1?state=a%2Fb`,
    "1?_state=x",
    "//registry.example/v2/team/app/blobs/uploads/2",
    `http://registry.example${uploads}3`,
    `http://registry.example:443${uploads}3`,
    `https://REGISTRY.example${uploads}3`,
  ]) {
    const { asked } = await attachTo(signature, pem, { location });
    assert.ok(
      asked.every((it) => / https:\/\/registry\.example\//.test(it)),
      `${location}: ${asked}`,
    );
  }
  for (const [location, said] of [
    [
      `http://registry.example:5000${uploads}3`,
      "http://registry.example:5000, not at https://registry.example",
    ],
    [`http://other.example${uploads}3`, "http://other.example, not at https://registry.example"],
    [`https://other.example${uploads}3`, "https://other.example, not at https://registry.example"],
  ]) {
    const { fetch } = registryWith({ location });
    await assert.rejects(
      attachSignature(image, { signature, publicKey: pem, registry: { fetch } }),
      (/** @type {any} */ { code, message }) => code === "redirected" && message.includes(said),
    );
  }
});

test("a registry that takes the signature and does not show it: said so, and nobody else is blamed", async () => {
  const { privateKey, pem } = keyPair("P-256");
  const registry = registryWith();
  let pushes = 0;
  /** @param {string} address @param {any} init */
  const fetch = async (address, init) => {
    if (init.method === "PUT" && address.endsWith(".sig")) pushes++;
    return init.method === "GET" && address.endsWith(".sig")
      ? Response.json({ errors: [{ code: "MANIFEST_UNKNOWN", message: "" }] }, { status: 404 })
      : registry.fetch(address, init);
  };
  const signature = sign("sha256", text, privateKey);
  await assert.rejects(attachSignature(image, { signature, publicKey: pem, registry: { fetch } }), {
    code: "bad-reply",
    message: /took the signature, and does not show it/,
    fix: /Verify the image in a while/,
  });
  assert.ok(pushes > 0);
});

for (const [location, said] of /** @type {[string, RegExp][]} */ ([
  [
    "https://jane:secret@registry.example/v2/x",
    /at a URL with a user in it, not at https:\/\/registry\.example\./,
  ],
  ["ftp://registry.example/v2/x", /at ftp:\/\/registry\.example, not at/],
  ["https://registry.example.evil.example/v2", /at https:\/\/registry\.example\.evil\.example, not at/],
])) {
  test(`an upload at ${location} is not sent, and the difference is named`, async () => {
    const { privateKey, pem } = keyPair("P-256");
    const { fetch } = registryWith({ location });
    const options = { signature: sign("sha256", text, privateKey), publicKey: pem, registry: { fetch } };
    await assert.rejects(attachSignature(image, options), (/** @type {any} */ error) => {
      assert.equal(error.code, "redirected");
      assert.match(error.message, said);
      return !`${error.message}${error.fix}`.includes("secret");
    });
  });
}
