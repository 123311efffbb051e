// Docker Hub writes the same repository in several ways. A signature is of the repository, however it is written.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyImage, verifySignatures } from "ocisign";
import { image, keyPair, manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

const key = keyPair("P-256");

/** Each line holds the spellings of one repository. */
const repositories = [
  [
    "docker.io/nginx",
    "docker.io/library/nginx",
    "index.docker.io/nginx",
    "index.docker.io/library/nginx",
    "registry-1.docker.io/library/nginx",
  ],
  ["docker.io/library", "docker.io/library/library", "index.docker.io/library/library"],
  ["docker.io/a/b", "index.docker.io/a/b"],
  ["docker.io/library/a/b", "index.docker.io/library/a/b"],
  ["docker.io/library/library/b", "index.docker.io/library/library/b"],
  ["docker.io/library/a/b/c"],
  ["docker.io/library/library/library"],
  ["docker.io/librarynginx"],
  ["docker.io/my/library/nginx"],
  ["hub.docker.io/library/nginx"],
  ["mydocker.io/library/nginx"],
  ["docker.io.example/library/nginx"],
  ["docker.io:443/library/nginx"],
  ["registry.example/library/nginx"],
  ["registry.example/nginx"],
  ["registry.example/docker.io/library/nginx"],
];

for (const signed of repositories) {
  for (const repository of signed) {
    test(`a signature for ${repository}`, async () => {
      const payload = Buffer.from(JSON.stringify(payloadFor({ repository })));
      const manifest = manifestOf(simpleLayer(key.privateKey, payload));
      for (const others of repositories) {
        for (const other of others) {
          const reference = `${other}@${image.digest}`;
          const given = { reference, publicKey: key.pem, manifest, blob: payload };
          const { state, reason } = await verifySignatures(given);
          assert.equal(state, others === signed ? "verified" : "invalid", other);
          if (state === "invalid") assert.match(reason, /another repository/);
        }
      }
    });
  }
}

test("where a repository is read, only a name of one part is in library/", async () => {
  for (const [name, path] of [
    ["docker.io/nginx", "library/nginx"],
    ["docker.io/library/nginx", "library/nginx"],
    ["index.docker.io/library", "library/library"],
    ["docker.io/library/a/b", "library/a/b"],
    ["docker.io/a/b", "a/b"],
  ]) {
    /** @type {string[]} */
    const asked = [];
    const fetch = async (/** @type {string} */ url) => {
      asked.push(url);
      return new Response("{}", { status: 404 });
    };
    await verifyImage(`${name}@${image.digest}`, { publicKey: key.pem, registry: { fetch } });
    assert.ok(asked.length > 0);
    for (const url of asked) assert.ok(url.startsWith(`https://registry-1.docker.io/v2/${path}/`), url);
  }
});
