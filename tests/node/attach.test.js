// Signatures that were made elsewhere, pushed as cosign lays them out.
import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { test } from "node:test";
import { attachSignature, simpleSigningPayload } from "ocisign";
import { ownHeader } from "../support/fake-registry.js";
import {
  digest,
  reference,
  registry,
  repository,
  rsa,
  signByTag,
  sigTag,
  status,
} from "../support/image-in-registry.js";
import { keyPair, manifestOf } from "../support/signatures.js";

const ec = keyPair("P-256");

test("a wrong signature is not attached", async () => {
  const { text } = simpleSigningPayload(reference);
  const signature = sign("sha256", Buffer.from(text), rsa.privateKey);
  await assert.rejects(attachSignature(reference, { signature, publicKey: ec.pem }), {
    code: "bad-signature",
  });
  await assert.rejects(attachSignature(reference, { signature: "!", publicKey: rsa.pem }), {
    code: "bad-signature",
  });
  assert.ok(
    registry.requests.every(({ method }) => method === "GET"),
    "nothing was pushed",
  );
});

test("attaching keeps what else the manifest says, and does not extend what is no manifest of signatures", async () => {
  const { text } = simpleSigningPayload(reference);
  const signature = sign("sha256", Buffer.from(text), ec.privateKey);
  const { manifest } = signByTag();
  const kept = Buffer.from(JSON.stringify({ ...JSON.parse(String(manifest)), annotations: { keep: "me" } }));
  registry.manifest(repository, kept, sigTag);
  /** @type {any} */
  let pushed;
  const take = (request, reply) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      if (request.url.includes("/manifests/")) {
        pushed = JSON.parse(String(Buffer.concat(chunks)));
        registry.manifest(repository, Buffer.concat(chunks), sigTag);
      }
      reply.writeHead(201, { location: "/v2/upload" }).end();
    });
  };
  registry.answer(`POST /v2/${repository}/blobs/uploads/`, (_, reply) =>
    reply.writeHead(202, { location: `/v2/${repository}/upload` }).end(),
  );
  registry.answerAll("PUT", take);
  const attached = await attachSignature(reference, { signature, publicKey: ec.pem });
  assert.equal(attached.signatures, 2);
  assert.deepEqual(pushed.annotations, { keep: "me" });
  registry.manifest(
    repository,
    manifestOf({ mediaType: "application/vnd.oci.image.layer.v1.tar", digest, size: 1 }),
    sigTag,
  );
  await assert.rejects(attachSignature(reference, { signature, publicKey: ec.pem }), { code: "conflict" });
});

test("signatures that a proxy hides are not replaced: nothing is written where absence is not proved", async () => {
  const { text } = simpleSigningPayload(reference);
  const signature = sign("sha256", Buffer.from(text), rsa.privateKey);
  signByTag();
  for (const answer of [
    status(404),
    status(404, ownHeader),
    status(404, { "content-type": "text/html", ...ownHeader }, "<h1>404</h1>"),
    status(404, { "content-type": "application/json" }, '{"error":"not found"}'),
    status(405, ownHeader),
    status(200, { "content-type": "text/html" }, "<form>"),
  ]) {
    registry.answer(`GET /v2/${repository}/manifests/${sigTag}`, answer);
    await assert.rejects(attachSignature(reference, { signature, publicKey: rsa.pem }), {
      name: "OcisignError",
    });
  }
  assert.ok(registry.requests.every(({ method }) => method === "GET"));
});
