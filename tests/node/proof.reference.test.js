// The docker-reference of a payload is a reference: podman, skopeo, buildah and `--sign-container-identity` write more
// than the repository's name. All of these are really signed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifySignatures } from "ocisign";
import { refused, rsa } from "../support/proving.js";
import { image, manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

const { digest } = image;
const otherDigest = `sha256:${"00".repeat(32)}`;

/** Verifies a signature for this docker-reference. @param {string} signedFor @param {string} [name] of the image */
function verifySigned(signedFor, name = "registry.example/team/app") {
  const payload = Buffer.from(JSON.stringify(payloadFor({ repository: signedFor })));
  const manifest = manifestOf(simpleLayer(rsa.privateKey, payload));
  return verifySignatures({
    reference: `${name}@${digest}`,
    publicKey: rsa.pem,
    manifest,
    blob: payload,
    requireRepository: true,
  });
}

for (const [signedFor, name] of /** @type {[string, string?][]} */ ([
  ["registry.example/team/app:1.4"],
  ["registry.example/team/app:latest"],
  [`registry.example/team/app:${"t".repeat(128)}`],
  [`registry.example/team/app@${digest}`],
  [`registry.example/team/app:1.4@${digest}`],
  ["Registry.Example/team/app:1.4"],
  ["registry.example:5000/team/app:5000", "registry.example:5000/team/app"],
  ["registry.example/5000:5000", "registry.example/5000"],
  ["localhost/app:v1", "localhost/app"],
  ["[::1]:5000/app:v1", "[::1]:5000/app"],
  ["docker.io/library/nginx:1.27", "docker.io/nginx"],
  ["index.docker.io/library/nginx:1.27", "docker.io/library/nginx"],
  ["docker.io/nginx:1.27", "index.docker.io/library/nginx"],
  [`registry-1.docker.io/library/nginx@${digest}`, "docker.io/nginx"],
])) {
  test(`signed as ${signedFor}: verified, and shown`, async () => {
    const { state, reason, signatures } = await verifySigned(signedFor, name);
    assert.equal(state, "verified", reason);
    assert.deepEqual([signatures[0].signedAs, signatures[0].repositoryBound], [signedFor, true]);
  });
}

test("the name alone is nothing to note", async () => {
  const { state, signatures } = await verifySigned("registry.example/team/app");
  assert.equal(state, "verified");
  assert.ok(!("signedAs" in signatures[0]));
});

for (const signedFor of [
  `registry.example/team/app@${otherDigest}`,
  `registry.example/team/app:1.4@${otherDigest}`,
  `registry.example/team/app@sha512:${"00".repeat(64)}`,
  `registry.example/team/app@sha512:${"3fbc".repeat(32)}`,
]) {
  test(`signed with another digest is invalid: ${signedFor}`, () =>
    refused(verifySigned(signedFor), "content", /names another image/));
}

for (const [signedFor, name] of /** @type {[string, string?][]} */ ([
  ["registry.example/team/other:1.4"],
  ["registry.example/team/app2:1.4"],
  ["registry.example/team:app"],
  ["registry.example/app:team"],
  ["registry.example/team/app/sub:1"],
  ["registry.example.evil.example/team/app:1.4"],
  ["evil-registry.example/team/app:1.4"],
  ["other.example/team/app:1.4"],
  [`other.example/team/app@${digest}`],
  ["registry.example:443/team/app:1.4"],
  ["registry.example:5001/team/app:1.4", "registry.example:5000/team/app"],
  ["registry.example/team/app:5000", "registry.example:5000/team/app"],
  ["registry.example:5000", "registry.example/5000"],
  ["team/app:1.4"],
  ["app:1.4"],
  [":1.4"],
  [`@${digest}`],
  [""],
  ["registry.example/team/app:"],
  ["registry.example/team/app@"],
  ["registry.example/team/app:1.4:1.5"],
  [`registry.example/team/app@${digest}@${digest}`],
  [`registry.example/team/app@${digest}:1.4`],
  [`registry.example/team/app@${digest.toUpperCase()}`],
  [`registry.example/team/app@${digest.slice(0, -1)}`],
  [`registry.example/team/app@${digest} `],
  [`registry.example/team/app@md5:${"0".repeat(32)}`],
  ["registry.example/Team/app:1.4"],
  ["registry.example/team/APP:1.4"],
  ["user@registry.example/team/app"],
  ["user:pass@registry.example/team/app:1.4"],
  ["https://registry.example/team/app:1.4"],
  ["docker://registry.example/team/app:1.4"],
  ["registry.example/team/app:1.4 "],
  ["registry.example/team/app:1.4\n"],
  [" registry.example/team/app"],
  ["registry.example/team/app\u0000"],
  ["registry.example/team%2fapp"],
  ["registry.example//team/app"],
  ["registry.example/team/../team/app"],
  ["registry.example/team/\u0430pp:1"],
  ["registry.example./team/app"],
  ["dоcker.io/library/nginx", "docker.io/nginx"],
  ["docker.io/evil/nginx:1", "docker.io/nginx"],
  ["docker.io.evil.example/library/nginx:1", "docker.io/nginx"],
  ["registry.example/library/nginx:1", "registry.example/nginx"],
  ["010.0.0.5/app:1", "10.0.0.5/app"],
  ["0x7f.1/app:1", "127.0.0.1/app"],
])) {
  test(`signed as something else is invalid: ${JSON.stringify(signedFor)}`, () =>
    refused(verifySigned(signedFor, name), "content", /another repository/));
}
