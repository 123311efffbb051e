// All below localhost is this machine (RFC 6761 §6.3): reached without TLS, also where the system does not resolve it.
import assert from "node:assert/strict";
import dns from "node:dns/promises";
import { mock, test } from "node:test";
import { parseReference, SigningClient, verifyImage } from "ocisign";
import { clientFor, manifest, serve } from "../support/scripted-registry.js";
import { keyPair } from "../support/signatures.js";

const digest = `sha256:${"ab".repeat(32)}`;
const unknown = () =>
  Promise.reject(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }));

for (const host of ["k3d-registry.localhost", "a.b.localhost", "Registry.LOCALHOST", "localhost"]) {
  test(`${host} is asked over http`, async () => {
    /** @type {string[]} */
    const asked = [];
    const fetch = async (/** @type {string} */ url) => {
      asked.push(url);
      return new Response(null, { status: 403 });
    };
    const image = `${host}:5000/team/app@${digest}`;
    await verifyImage(image, { publicKey: keyPair("P-256").pem, registry: { fetch } });
    const { origin } = new URL(asked[0]);
    assert.equal(origin, `http://${parseReference(image).registry}`);
    assert.ok(asked.every((url) => url.startsWith(`${origin}/`)));
  });
}

test("a name that the system does not resolve is asked for at localhost, and one that it does, at that name", async () => {
  const registry = await serve({ "/v2/team/app/manifests/1.0": manifest });
  const { port } = new URL(registry.origin);
  const domain = `k3d-registry.localhost:${port}`;
  mock.method(dns, "lookup", unknown);
  try {
    // The server listens at 127.0.0.1.
    assert.ok(await clientFor({ domain }).manifest("team/app", "1.0"));
    assert.equal(registry.asked[0].headers.host, `localhost:${port}`);
  } finally {
    mock.restoreAll();
  }
  mock.method(dns, "lookup", async () => [{ address: "127.0.0.1", family: 4 }]);
  /** @type {string[]} */
  const asked = [];
  mock.method(globalThis, "fetch", async (/** @type {string} */ url) => {
    asked.push(new URL(url).host);
    return new Response(manifest.body, { headers: manifest.headers });
  });
  try {
    assert.ok(await clientFor({ domain }).manifest("team/app", "1.0"));
    assert.deepEqual(asked, [domain]);
  } finally {
    mock.restoreAll();
  }
});

for (const addresses of [
  ["203.0.113.7"],
  ["127.0.0.1", "203.0.113.7"],
  ["10.0.0.7"],
  ["2001:db8::7"],
  ["::ffff:203.0.113.7"],
  ["169.254.169.254"],
]) {
  test(`no secret goes without TLS to ${addresses}, though a name server says that this is below localhost`, async (t) => {
    t.mock.method(dns, "lookup", async () => addresses.map((address) => ({ address, family: 0 })));
    /** @type {{ host: string, secret: string | null }[]} */
    const asked = [];
    t.mock.method(globalThis, "fetch", async (/** @type {string} */ url, init) => {
      asked.push({ host: new URL(url).host, secret: new Headers(init.headers).get("authorization") });
      return new Response("{}", { status: 401, headers: { "www-authenticate": "Basic" } });
    });
    const registry = { username: "user", password: "password" };
    await verifyImage(`r.localhost:5000/team/app@${digest}`, { publicKey: keyPair("P-256").pem, registry });
    const service = new SigningClient({ baseUrl: "http://api.localhost:5000", token: "the-token" });
    await assert.rejects(service.signing("r1"), { code: "unauthorized" });
    const secrets = asked.flatMap(({ secret }) => secret ?? []);
    assert.ok(secrets.includes("Bearer the-token") && secrets.includes(`Basic ${btoa("user:password")}`));
    assert.ok(
      asked.every(({ host }) => host === "localhost:5000"),
      JSON.stringify(asked),
    );
  });
}

for (const host of ["localhost.example", "notlocalhost", "k3d-localhost", "localhost.localdomain"]) {
  test(`${host} is not below localhost, and is asked over https`, async () => {
    /** @type {string[]} */
    const asked = [];
    const fetch = async (/** @type {string} */ url) => {
      asked.push(url);
      return new Response(null, { status: 403 });
    };
    await clientFor({ domain: `${host}:5000` }, { fetch })
      .manifest("team/app", "1.0")
      .catch(() => {});
    assert.ok(asked[0].startsWith("https://"), asked[0]);
  });
}
