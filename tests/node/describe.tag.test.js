// What a tag names: only the bytes that the registry sent say it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeImage } from "ocisign";
import { digestOf, Registry } from "../../demo/registry.js";
import {
  bytesOf,
  config,
  errors,
  hold,
  inSandbox,
  json,
  manifestFor,
  oci,
  push,
  refused,
  registry,
  repository,
  sandbox,
  status,
} from "../support/describing.js";

test("a tag is resolved only where that is asked for", async () => {
  const pushed = await push({ of: config({ created: "2026-11-22T14:19:28Z" }) });
  const to = new Registry(sandbox.registry);
  await to.pushManifest(repository, "1.0", await to.manifest(repository, pushed.digest), oci.manifest);
  const tagged = `${sandbox.registry.domain}/${repository}:1.0`;
  await refused(describeImage(tagged), "digest-missing");
  const described = await describeImage(tagged, { resolveTag: true });
  assert.equal(described.reference, inSandbox(pushed));
  assert.equal(described.digest, pushed.digest);
  assert.equal(described.created, "2026-11-22T14:19:28Z");
  // A digest counts, whatever tag stands before it.
  const both = await describeImage(`${tagged.replace("1.0", "gone")}@${pushed.digest}`, { resolveTag: true });
  assert.deepEqual(both, described);
  await refused(describeImage(tagged.replace(":1.0", ""), { resolveTag: true }), "digest-missing");
  await refused(describeImage(`${tagged}/`, { resolveTag: true }), "tag-invalid");
  await refused(
    describeImage(tagged.replace("1.0", "2.0"), { resolveTag: true }),
    "not-found",
    /has no tag 2\.0/,
  );
});

test("the digest is of the bytes, whatever the registry's headers say", async () => {
  const reference = hold();
  const [name, digest] = reference.split("@");
  const bytes = bytesOf(manifestFor(oci, bytesOf(config())));
  assert.equal(digestOf(bytes), digest);
  const route = `GET /v2/${repository}/manifests/1.0`;
  const headers = { "content-type": oci.manifest, "docker-content-digest": `sha256:${"0".repeat(64)}` };
  registry.answer(route, status(200, headers, bytes));
  assert.equal((await describeImage(`${name}:1.0`, { resolveTag: true })).digest, digest);

  const elsewhere = { location: `http://${registry.domain.replace("127.0.0.1", "localhost")}/v2/other` };
  for (const [answer, code, said] of /** @type {const} */ ([
    [status(307, elsewhere), "redirected", /./],
    [status(404, json, errors("MANIFEST_UNKNOWN")), "not-found", /has no tag 1\.0 in team\/app/],
    [status(200, { "content-type": oci.manifest }, "{}"), "bad-reply", /:1\.0: /],
    [status(200, { "content-type": "text/html" }, "<html>"), "bad-reply", /./],
    [status(200, { "content-type": oci.layer }, bytes), "bad-reply", /./],
    [status(401, json, errors("UNAUTHORIZED")), "unauthorized", /./],
  ])) {
    registry.answer(route, answer);
    await refused(describeImage(`${name}:1.0`, { resolveTag: true }), code, said);
  }
});
