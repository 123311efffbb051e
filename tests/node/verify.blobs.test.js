// Blobs that a registry does not hold, or not as they were named; and too much JSON.
import assert from "node:assert/strict";
import { test } from "node:test";
import { OcisignError, verifySignatures } from "ocisign";
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
import { good, goodLayer, rsa } from "../support/proving.js";
import { reference as about, manifestOf, payloadFor } from "../support/signatures.js";

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
    [status(404, { "content-type": "application/json" }, errors("NAME_UNKNOWN")), "unreachable"],
    [status(404, { "content-type": "application/json" }, errors("DENIED")), "unreachable"],
    [status(404, { "content-type": "application/json" }, errors("TOOMANYREQUESTS")), "unreachable"],
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

test("a reply that is cut where no length was announced is no damaged signature", async () => {
  const { manifest } = signByTag();
  const [layer] = JSON.parse(String(manifest)).layers;
  const bytes = Buffer.from(
    JSON.stringify(payloadFor({ repository: `${registry.domain}/${repository}`, digest })),
  );
  const headOf = (/** @type {string} */ type) =>
    `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\nconnection: close\r\n\r\n`;
  const manifestType = "application/vnd.oci.image.manifest.v1+json";
  const longer = { ...layer, size: layer.size + 1 };
  for (const length of [0, 1, layer.size - 1, layer.size]) {
    const head = headOf("application/octet-stream");
    registry.answer(`GET /v2/${repository}/blobs/${layer.digest}`, ({ socket }) =>
      socket.end(Buffer.concat([Buffer.from(head), bytes.subarray(0, length)])),
    );
    const { state, reason } = await verify();
    assert.equal(state, length === layer.size ? "verified" : "unreachable", reason);
    if (length < layer.size) assert.match(reason, new RegExp(`ended after ${length} bytes`));
  }
  for (const length of [0, 1, manifest.length - 1, manifest.length]) {
    registry.answer(`GET /v2/${repository}/manifests/${sigTag}`, ({ socket }) =>
      socket.end(Buffer.concat([Buffer.from(headOf(manifestType)), manifest.subarray(0, length)])),
    );
    const { state, reason, problems } = await verify();
    assert.equal(state, length === manifest.length ? "verified" : "unreachable", reason);
    if (length < manifest.length)
      assert.deepEqual([problems[0]?.from, problems[0]?.code], ["tag", "bad-reply"]);
  }
  // What is whole was seen: a manifest that is none, one that names another size, and a blob that is another one.
  for (const wrong of [manifest.subarray(0, -1), manifestOf(longer)]) {
    registry.answer(
      `GET /v2/${repository}/manifests/${sigTag}`,
      status(200, { "content-type": manifestType }, wrong),
    );
    assert.equal((await verify()).state, "invalid");
  }
  registry.answer(
    `GET /v2/${repository}/manifests/${sigTag}`,
    status(200, { "content-type": manifestType }, manifest),
  );
  for (const headers of [{ "content-length": "1" }, { "transfer-encoding": "chunked" }]) {
    registry.answer(
      `GET /v2/${repository}/blobs/${layer.digest}`,
      status(200, headers, bytes.subarray(0, 1)),
    );
    assert.equal((await verify()).state, "invalid");
  }
});

test("what blob() throws is a finding, unless it is the caller's own mistake or wish", async () => {
  const error = (/** @type {string} */ code) =>
    new OcisignError(/** @type {"network"} */ (code), `It is ${code}.`, "Look at it.");
  const given = { reference: about, publicKey: rsa.pem, manifest: manifestOf(goodLayer) };
  for (const [code, state, failed] of /** @type {const} */ ([
    ["not-found", "invalid", "blob"],
    ["network", "unreachable", undefined],
    ["forbidden", "unreachable", undefined],
  ])) {
    const { signatures, problems, ...found } = await verifySignatures({
      ...given,
      blob: () => {
        throw error(code);
      },
    });
    assert.deepEqual(
      [found.state, signatures[0]?.failed, signatures[0]?.reason],
      [state, failed, `It is ${code}.`],
    );
    const told = failed ? [] : [{ code, message: `It is ${code}.`, fix: "Look at it." }];
    assert.deepEqual(problems, told);
  }
  for (const thrown of [error("bad-input"), error("aborted"), new Error("a fault in the caller's code")]) {
    const verification = verifySignatures({ ...given, blob: () => Promise.reject(thrown) });
    await assert.rejects(verification, (why) => why === thrown);
  }
  // One byte more than the manifest says is too many, and what is no bytes is the caller's mistake.
  const longer = await verifySignatures({ ...given, blob: () => Buffer.concat([good, Buffer.from(" ")]) });
  assert.deepEqual([longer.state, longer.signatures[0]?.failed], ["invalid", "blob"]);
  assert.match(longer.reason, /^The signature's blob is larger than its manifest says/);
  for (const wrong of [undefined, "text", 7, { byteLength: 1 }, { byteLength: good.length }]) {
    const verification = verifySignatures({ ...given, blob: () => /** @type {any} */ (wrong) });
    const message = "What blob() gave is not bytes, or has too many of them.";
    await assert.rejects(verification, { code: "bad-input", message });
  }
});

test("a registry cannot keep us busy with JSON", async () => {
  const names = Array.from({ length: 100_000 }, (_, n) => `"n${n}":0`).join();
  registry.manifest(repository, Buffer.from(`{"layers":[],"x":{${names}}}`), sigTag);
  const { state, reason } = await verify();
  assert.equal(state, "invalid");
  assert.match(reason, /names no signature/);
});
