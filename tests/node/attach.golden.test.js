// A signature that was made elsewhere is pushed as the golden files have it, byte for byte; the sandbox writes the same
// (sandbox/src/signature_manifest.rs).
import assert from "node:assert/strict";
import { verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { attachSignature, simpleSigningPayload, verifySignatures } from "ocisign";
import { digestOf } from "../../demo/registry.js";

const golden = (/** @type {string} */ name) => readFileSync(new URL(`../golden/${name}`, import.meta.url));
const manifest = golden("signature-manifest.json");
const config = golden("signature-config.json");
const payload = golden("signature-payload.json");
const publicKey = golden("signature-key.pem").toString();

const digest = "sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
const image = `656666598317.dkr.ecr.eu-west-1.amazonaws.com/test@${digest}`;
const tag = `${digest.replace(":", "-")}.sig`;
const [layer] = JSON.parse(manifest.toString()).layers;
const signature = layer.annotations["dev.cosignproject.cosign/signature"];

/** A registry in memory, as the client reaches it: what was pushed to it, by path. */
function emptyRegistry() {
  /** @type {Map<string, Buffer>} */
  const pushed = new Map();
  const types = { manifest: "" };
  const fetch = async (/** @type {any} */ url, /** @type {any} */ { method, body, headers }) => {
    const { pathname, searchParams } = new URL(url);
    if (method === "POST")
      return new Response(null, { status: 202, headers: { location: "/v2/test/upload" } });
    const path = pathname.replace("/v2/test/", "");
    if (method === "PUT") {
      const isBlob = path === "upload";
      pushed.set(isBlob ? `blobs/${searchParams.get("digest")}` : path, Buffer.from(body));
      if (!isBlob) types.manifest = new Headers(headers).get("content-type") ?? "";
      return new Response(null, { status: 201 });
    }
    const held = pushed.get(path);
    if (held) return new Response(new Uint8Array(held), { headers: { "content-type": types.manifest } });
    const errors = [{ code: "MANIFEST_UNKNOWN" }];
    const unknown = { status: 404, headers: { "content-type": "application/json" } };
    return new Response(JSON.stringify({ errors }), unknown);
  };
  return { pushed, types, fetch };
}

test("the golden files fit together", async () => {
  assert.equal(simpleSigningPayload(image).text, payload.toString());
  assert.deepEqual([layer.digest, layer.size], [digestOf(payload), payload.length]);
  const { digest: configDigest, size } = JSON.parse(manifest.toString()).config;
  assert.deepEqual([configDigest, size], [digestOf(config), config.length]);
  assert.ok(verify("sha256", payload, publicKey, Buffer.from(signature, "base64")));
  const verification = await verifySignatures({ reference: image, publicKey, manifest, blob: payload });
  assert.equal(verification.state, "verified", verification.reason);
});

for (const [name, given] of /** @type {const} */ ([
  ["base64", signature],
  ["base64 in lines", signature.replace(/.{76}/g, "$&\n")],
  ["bytes", new Uint8Array(Buffer.from(signature, "base64"))],
])) {
  test(`the first signature of an image, given as ${name}, is the golden manifest`, async () => {
    const { pushed, types, fetch } = emptyRegistry();
    const attached = await attachSignature(image, { signature: given, publicKey, registry: { fetch } });
    const place = { place: "tag", tag, digest: digestOf(manifest), signatures: 1, wasThere: false };
    assert.deepEqual(attached, { tag, signatures: 1, formats: [{ format: "simple-signing", ...place }] });
    assert.deepEqual(
      [...pushed.keys()].sort(),
      [`blobs/${digestOf(config)}`, `blobs/${digestOf(payload)}`, `manifests/${tag}`].sort(),
    );
    assert.equal(String(pushed.get(`manifests/${tag}`)), manifest.toString());
    assert.equal(String(pushed.get(`blobs/${digestOf(config)}`)), config.toString());
    assert.equal(String(pushed.get(`blobs/${digestOf(payload)}`)), payload.toString());
    assert.equal(types.manifest, "application/vnd.oci.image.manifest.v1+json");
  });
}

test("attached once more, nothing is written", async () => {
  const { pushed, fetch } = emptyRegistry();
  const options = { signature, publicKey, registry: { fetch } };
  await attachSignature(image, options);
  const before = new Map(pushed);
  const writes = [];
  const counting = (/** @type {any} */ url, /** @type {any} */ init) => {
    if (init.method !== "GET") writes.push(url);
    return fetch(url, init);
  };
  const again = await attachSignature(image, { ...options, registry: { fetch: counting } });
  assert.deepEqual([again.signatures, writes, new Map(pushed)], [1, [], before]);
});
