// Where a registry is, and which addresses and names are refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clientFor, failure, manifest, serve } from "../support/scripted-registry.js";

test("Docker Hub is where it is, and keeps official images in library/", async () => {
  const urls = [];
  const fetch = async (url) => {
    urls.push(url);
    return new Response(manifest.body, { headers: manifest.headers });
  };
  await clientFor({ domain: "docker.io" }, { fetch }).manifest("nginx", "1");
  await clientFor({ domain: "index.docker.io" }, { fetch }).manifest("team/app", "1");
  assert.deepEqual(urls, [
    "https://registry-1.docker.io/v2/library/nginx/manifests/1",
    "https://registry-1.docker.io/v2/team/app/manifests/1",
  ]);
});

/** @type {[string, { domain: string, url?: string }][]} */
const wrong = [
  ["a path in the domain", { domain: "registry.example/team" }],
  ["a user in the domain", { domain: "u:p@registry.example" }],
  ["a url without TLS", { domain: "registry.example", url: "http://registry.example/" }],
  ["a url with a user", { domain: "registry.example", url: "https://u:p@registry.example/" }],
  ["a url with a query", { domain: "registry.example", url: "https://registry.example/?a" }],
  ["no url", { domain: "registry.example", url: "registry" }],
];
for (const [name, options] of wrong) {
  test(`${name} is refused before anything is sent`, () => {
    assert.throws(() => clientFor(options, options), { code: "bad-url" });
  });
}

test("half a credential, names and digests that are none are refused before anything is sent", async () => {
  assert.throws(() => clientFor({ domain: "a.example" }, { username: "u" }), { code: "bad-input" });
  assert.throws(() => clientFor({ domain: "a.example" }, { username: "u:", password: "p" }), {
    code: "bad-input",
  });
  const fetch = () => assert.fail("sent");
  const client = clientFor({ domain: "a.example" }, { fetch });
  for (const call of [
    () => client.manifest("../x", "1"),
    () => client.manifest("team/../x", "1"),
    () => client.manifest("team/a%2fb", "1"),
    () => client.manifest("team/app", ".."),
    () => client.manifest("team/app", "1?x"),
    () => client.blob("team/app", "sha256:../x", { maxBytes: 1 }),
    () => client.referrers("team/app", "latest"),
  ]) {
    assert.equal((await failure(call())).code, "bad-input");
  }
});

test("behind a reverse proxy, what the registry says of itself is reached through the proxy", async () => {
  for (const location of ["/v2/up", "https://registry.example/v2/up", "/registry/v2/up"]) {
    const proxy = await serve({
      "/registry/v2/team/app/blobs/uploads/": { status: 202, headers: { location } },
      "/registry/v2/up": { status: 201 },
    });
    const client = clientFor({ domain: "registry.example" }, { url: `${proxy.origin}/registry` });
    assert.ok(await client.pushBlob("team/app", Buffer.from("x")));
  }
});
