// Blobs that a registry does not hold, or not as they were named; and too much JSON.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  digest,
  errors,
  openRegistry,
  registry,
  repository,
  signByTag,
  sigTag,
  status,
  verify,
} from "../support/image-in-registry.js";
import { payloadFor } from "../support/signatures.js";

test("blobs: missing, changed, too large, and from another host without credentials", async () => {
  const { manifest } = signByTag();
  const [layer] = JSON.parse(String(manifest)).layers;
  const route = `GET /v2/${repository}/blobs/${layer.digest}`;
  const bytes = Buffer.from(
    JSON.stringify(payloadFor({ repository: `${registry.domain}/${repository}`, digest })),
  );
  for (const [answer, state] of /** @type {const} */ ([
    [status(404, { "content-type": "application/json" }, errors("BLOB_UNKNOWN")), "invalid"],
    [status(200, { "content-type": "application/octet-stream" }, "x".repeat(layer.size)), "invalid"],
    [status(200, { "content-type": "application/octet-stream" }, "x".repeat(2 * layer.size)), "invalid"],
    [status(200, { "content-length": String(200 * 1024 * 1024) }), "invalid"],
    [status(503), "unreachable"],
  ])) {
    registry.answer(route, answer);
    assert.equal((await verify()).state, state);
  }
  const storage = await openRegistry();
  storage.answer("GET /stored", (_, reply) => reply.writeHead(200).end(bytes));
  const wantsPassword = (request, reply) =>
    request.headers.authorization
      ? reply.writeHead(307, { location: `http://${storage.domain}/stored` }).end()
      : reply.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
  registry.answer(route, wantsPassword);
  const verification = await verify({ registry: { username: "AWS", password: "hunter2" } });
  assert.equal(verification.state, "verified", verification.reason);
  assert.equal(storage.requests[0].headers.authorization, undefined);
  assert.ok(!JSON.stringify(verification).includes("hunter2"));
});

test("a registry cannot keep us busy with JSON", async () => {
  const names = Array.from({ length: 100_000 }, (_, n) => `"n${n}":0`).join();
  registry.manifest(repository, Buffer.from(`{"layers":[],"x":{${names}}}`), sigTag);
  const { state, reason } = await verify();
  assert.equal(state, "invalid");
  assert.match(reason, /names no signature/);
});
