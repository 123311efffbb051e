// What a registry's misbehaviour is called while an image is described, and how the registry is reached.
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeImage, parseReference } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { digestOf, Registry } from "../../demo/registry.js";
import {
  blobsAsked,
  bytesOf,
  config,
  errors,
  hold,
  inSandbox,
  json,
  manifestFor,
  oci,
  openRegistry,
  refused,
  registry,
  repository,
  sandbox,
  status,
} from "../support/describing.js";
import { watchedSignal } from "../support/signals.js";

const hangs = () => {};
const stalls = (_, reply) => {
  reply.writeHead(200, { "content-type": oci.manifest });
  reply.write("{");
};
async function describeInSandboxWith(options) {
  const digest = await pushImage(new Registry(sandbox.registry), repository);
  return describeImage(inSandbox({ digest }), options);
}

for (const [name, answer, code, said] of /** @type {const} */ ([
  ["401", status(401), "unauthorized"],
  ["403", status(403), "forbidden"],
  ["404 by the registry", status(404, json, errors("MANIFEST_UNKNOWN")), "not-found"],
  ["404 on the repository", status(404, json, errors("NAME_UNKNOWN")), "not-found"],
  ["404 of a proxy", status(404, { "content-type": "text/html" }, "<html>nothing here"), "bad-reply"],
  ["a sign-in page", status(200, { "content-type": "text/html" }, "<html>sign in"), "bad-reply"],
  ["a manifest of another type", status(200, json, "{}"), "bad-reply"],
  ["429 for long", status(429, { "retry-after": "600" }), "rate-limited"],
  ["500", status(500), "server-error"],
  ["a connection that breaks", (request) => request.socket.destroy(), "network"],
  ["a registry that hangs", hangs, "timeout", /250 ms/],
  ["a registry that stalls", stalls, "timeout", /250 ms/],
])) {
  for (const place of ["manifest", "config"]) {
    if (place === "config" && name === "a manifest of another type") continue;
    test(`${name}, for the ${place}`, async () => {
      const reference = hold();
      const path =
        place === "manifest"
          ? `manifests/${parseReference(reference).digest}`
          : `blobs/${digestOf(bytesOf(config()))}`;
      registry.answer(`GET /v2/${repository}/${path}`, answer);
      // Only what hangs needs a time limit; the others have tries of their own to make.
      const options = code === "timeout" ? { timeoutMs: 250 } : {};
      await refused(describeImage(reference, options), code, said);
    });
  }
}

test("an image that is not there, in a real registry; and no registry at all", async () => {
  const digest = digestOf("nothing");
  await pushImage(new Registry(sandbox.registry), repository);
  await refused(describeImage(inSandbox({ digest })), "not-found", /does not hold the image/);
  registry.close();
  await refused(describeImage(`${registry.domain}/x@${digest}`), "network", /ECONNREFUSED/);
});

test("a password is sent to the registry, not to where it redirects, and stands in no error", async () => {
  const storage = await openRegistry();
  const configBytes = bytesOf(config());
  const reference = hold();
  const { digest } = parseReference(reference);
  const registryOptions = { username: "AWS", password: "hunter2" };
  storage.answer("GET /stored", status(200, {}, configBytes));
  const asks = (then) => (request, reply) =>
    request.headers.authorization
      ? then(request, reply)
      : reply.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
  const manifest = bytesOf(manifestFor(oci, configBytes));
  registry.answer(
    `GET /v2/${repository}/manifests/${digest}`,
    asks(status(200, { "content-type": oci.manifest }, manifest)),
  );
  registry.answer(
    `GET /v2/${repository}/blobs/${digestOf(configBytes)}`,
    asks(status(307, { location: `http://${storage.domain}/stored` })),
  );
  await refused(describeImage(reference), "unauthorized");
  const { platforms } = await describeImage(reference, { registry: registryOptions });
  assert.equal(platforms.length, 1);
  assert.deepEqual(
    storage.requests.map(({ headers }) => headers.authorization),
    [undefined],
  );

  registry.answer(`GET /v2/${repository}/manifests/${digest}`, (request, reply) =>
    reply.writeHead(403, json).end(JSON.stringify({ errors: [{ code: request.headers.authorization }] })),
  );
  await assert.rejects(
    describeImage(reference, { registry: registryOptions }),
    (/** @type {import("ocisign").OcisignError} */ error) => {
      const secret = Buffer.from("AWS:hunter2").toString("base64");
      const told = `${error.message} ${error.fix} ${error.stack} ${JSON.stringify(error)}`;
      return error.code === "forbidden" && !told.includes("hunter2") && !told.includes(secret);
    },
  );
});

test("an abort ends it, before the first call and between the two; the signal is left as it was", async () => {
  const reference = hold();
  const aborted = AbortSignal.abort();
  await refused(describeImage(reference, { signal: aborted }), "aborted");
  assert.deepEqual(registry.requests, []);

  const controller = new AbortController();
  registry.answer(`GET /v2/${repository}/blobs/${digestOf(bytesOf(config()))}`, () => controller.abort());
  await refused(describeImage(reference, { signal: controller.signal }), "aborted");
  assert.equal(blobsAsked().length, 1);

  const { signal, listeners } = watchedSignal();
  const all = Array.from({ length: 20 }, () => describeInSandboxWith({ signal }));
  await Promise.all(all);
  assert.equal(listeners(), 0);
});

test("a reverse proxy and a replaced fetch reach it; where signatures are does not matter", async () => {
  const reference = hold();
  const elsewhere = reference.replace(registry.domain, "registry.example");
  const asked = [];
  const described = await describeImage(elsewhere, {
    registry: {
      url: `http://${registry.domain}`,
      repository: "team/signatures",
      fetch: (url, init) => {
        asked.push(new URL(url).pathname);
        return fetch(url, init);
      },
    },
    timeoutMs: undefined,
  });
  assert.equal(described.reference, elsewhere);
  assert.deepEqual(asked, [
    `/v2/${repository}/manifests/${described.digest}`,
    `/v2/${repository}/blobs/${digestOf(bytesOf(config()))}`,
  ]);
});

test("wrong arguments are refused before anything is sent", async () => {
  const reference = hold();
  /** @type {[any, any, string][]} */
  const wrong = [
    ["nginx", {}, "registry-missing"],
    [`${registry.domain}/app:1.0`, {}, "digest-missing"],
    [undefined, {}, "bad-input"],
    [reference, null, "bad-input"],
    [reference, { timeout: 1 }, "bad-input"],
    [reference, { publicKey: "x" }, "bad-input"],
    [reference, { timeoutMs: 0 }, "bad-input"],
    [reference, { signal: {} }, "bad-input"],
    [reference, { registry: { user: "x" } }, "bad-input"],
    [reference, { registry: { username: "x" } }, "bad-input"],
    [reference, { registry: { url: "http://registry.example" } }, "bad-url"],
  ];
  for (const [image, options, code] of wrong) {
    await refused(() => describeImage(image, options), code, /./, JSON.stringify(options));
  }
  assert.deepEqual(registry.requests, []);
});
