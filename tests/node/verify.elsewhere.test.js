// Signatures in another repository, or in another registry: what was never read is not unsigned, and no password leaves
// its registry.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyImage } from "ocisign";
import {
  digest,
  errors,
  openRegistry,
  reference,
  registry,
  repository,
  rsa,
  sigTag,
  status,
  verify,
} from "../support/image-in-registry.js";
import { manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

const json = { "content-type": "application/json" };
const tags = (/** @type {string} */ name) =>
  status(200, json, JSON.stringify({ name, tags: ["sha256-00.sig"] }));

/** Signs the image in a repository of a registry. @param {import("../support/image-in-registry.js").FakeRegistry} at @param {string} name */
function signIn(at, name) {
  const named = `${registry.domain}/${repository}`;
  const bytes = Buffer.from(JSON.stringify(payloadFor({ repository: named, digest })));
  at.blob(name, bytes);
  at.manifest(name, manifestOf(simpleLayer(rsa.privateKey, bytes)), sigTag);
}

for (const [name, answer, code, said] of /** @type {const} */ ([
  ["NAME_UNKNOWN", status(404, json, errors("NAME_UNKNOWN")), "not-found", /no such repository/],
  ["MANIFEST_UNKNOWN for everything", status(404, json, errors("MANIFEST_UNKNOWN")), "not-found", /404/],
  ["no list of tags", status(200, json, "{}"), "bad-reply", /list of tags/],
  ["a refusal", status(403), "forbidden", /403/],
  ["a sign-in page", status(200, { "content-type": "text/html" }, "<html>"), "bad-reply", /HTML/],
])) {
  test(`a repository that does not show itself is unreachable: ${name}`, async () => {
    registry.answer("GET /v2/team/nowhere/tags/list?n=1", answer);
    const { state, problems, reason } = await verify({ registry: { repository: "team/nowhere" } });
    assert.equal(state, "unreachable", reason);
    assert.equal(problems[0].code, code);
    assert.match(reason, said);
    assert.match(reason, /team\/nowhere/);
  });
}

test("a registry that says NAME_UNKNOWN for all of it is unreachable with that reason", async () => {
  for (const what of [
    `manifests/${sigTag}`,
    `manifests/${digest.replace(":", "-")}`,
    `referrers/${digest}`,
  ]) {
    registry.answer(`GET /v2/team/nowhere/${what}`, status(404, json, errors("NAME_UNKNOWN")));
  }
  const { state, reason, problems } = await verify({ registry: { repository: "team/nowhere" } });
  assert.equal(state, "unreachable");
  assert.match(reason, /NAME_UNKNOWN.*no such repository/);
  assert.deepEqual(
    problems.map(({ from }) => from),
    ["tag", "referrers", "fallback-tag"],
  );
});

test("a repository that lists its tags and holds no signature of this image: unsigned", async () => {
  registry.answer("GET /v2/team/signatures/tags/list?n=1", tags("team/signatures"));
  assert.equal((await verify({ registry: { repository: "team/signatures" } })).state, "unsigned");
  // The image's own repository was read: nothing more is asked.
  registry.requests.length = 0;
  assert.equal((await verify({ registry: { repository } })).state, "unsigned");
  assert.ok(registry.requests.every(({ url }) => !url.includes("/tags/")));
});

test("a first part that is a registry is asked there, and never with the image registry's password", async () => {
  const away = await openRegistry();
  signIn(away, "team/signatures");
  const secret = { username: "robot", password: "s3cret" };
  registry.answer(`GET /v2/${repository}/manifests/${digest}`, (request, reply) =>
    request.headers.authorization
      ? reply
          .writeHead(200, { "content-type": "application/vnd.oci.image.manifest.v1+json" })
          .end(manifestOf({ digest: "the image itself" }))
      : reply.writeHead(401, { "www-authenticate": 'Basic realm="r"' }).end(),
  );
  const options = { registry: { repository: `${away.domain}/team/signatures`, ...secret } };
  const { state, reason } = await verify(options);
  assert.equal(state, "verified", reason);
  assert.ok(registry.requests.some(({ headers }) => headers.authorization));
  assert.ok(registry.requests.every(({ url }) => !url.includes("signatures")));
  assert.ok(away.requests.length > 0);
  assert.ok(away.requests.every(({ headers }) => headers.authorization === undefined));

  // Nor is it when that registry asks for one.
  away.answerAll("GET", (_, reply) => reply.writeHead(401, { "www-authenticate": 'Basic realm="r"' }).end());
  assert.equal((await verify(options)).state, "unreachable");
  assert.ok(away.requests.every(({ headers }) => headers.authorization === undefined));
});

test("another registry that does not answer, or has no such repository, is unreachable", async () => {
  const away = await openRegistry();
  for (const at of [away.domain, "127.0.0.1:1"]) {
    // That the image's own registry has a repository of this name says nothing of the other.
    for (const name of ["team/nowhere", repository]) {
      const { state, reason } = await verify({ registry: { repository: `${at}/${name}` } });
      assert.equal(state, "unreachable", reason);
      assert.ok(reason.startsWith(at), reason);
    }
  }
});

test("where another registry is reached, `url` is not asked for it", async () => {
  /** @type {string[]} */
  const asked = [];
  const fetch = async (/** @type {string} */ url) => {
    asked.push(new URL(url).host);
    return new Response(errors("NAME_UNKNOWN"), { status: 404, headers: json });
  };
  const at = { url: "https://mirror.example", fetch, repository: "ghcr.io/team/signatures" };
  await verifyImage(reference, { publicKey: rsa.pem, registry: at });
  assert.deepEqual([...new Set(asked)], ["mirror.example", "ghcr.io"]);
});

test("the image's own registry in front changes nothing", async () => {
  signIn(registry, "team/signatures");
  const options = { registry: { repository: `${registry.domain}/team/signatures` } };
  assert.equal((await verify(options)).state, "verified");
});

test("what is no repository is refused before anything is asked", async () => {
  for (const wrong of [
    "",
    "/",
    "team/",
    "/team",
    "Team/signatures",
    "team/signatures:latest",
    `team/signatures@${`sha256:${"0".repeat(64)}`}`,
    "../x",
    "team//x",
    "https://ghcr.io/team/signatures",
    "user:pass@ghcr.io/team/signatures",
    "ghcr.io:0/team",
    "ghcr.io/",
    "010.0.0.5/team",
    "127.1/team",
    "0x7f.1/team",
    "1.2.3/team",
    "registry..example/team",
  ]) {
    const call = verify({ registry: { repository: wrong } });
    await assert.rejects(
      call,
      { name: "OcisignError", code: "bad-input", message: /registry\.repository/ },
      wrong,
    );
  }
  assert.equal(registry.requests.length, 0);
});
