// What a registry says before somebody has signed in is not believed when somebody has, and no order of replies matters.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyImage } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { keyPair, payloadFor, simpleLayer } from "../support/signatures.js";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const config = {
  mediaType: "application/vnd.oci.image.config.v1+json",
  digest: digestOf(Buffer.from("{}")),
  size: 2,
};
const bytesOf = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value));
const image = bytesOf({ schemaVersion: 2, mediaType: manifestType, config, layers: [] });
const digest = digestOf(image);
const pair = keyPair("P-256");

let registries = 0;

/**
 * A registry that answers by the path's kind and the authorization, each kind after its own delay.
 *
 * @param {(asked: { kind: string, auth: string | null, domain: string }) => Response | undefined} reply
 * @param {Record<string, number>} delays in turns of the event loop
 */
function registryOf(reply, delays) {
  registries += 1;
  const domain = `r${registries}.example`;
  const payload = bytesOf(payloadFor({ digest, repository: `${domain}/team/app` }));
  const signature = bytesOf({
    ...{ schemaVersion: 2, mediaType: manifestType, config },
    layers: [simpleLayer(pair.privateKey, payload)],
  });
  const fetch = async (
    /** @type {string} */ url,
    /** @type {{ headers: Record<string, string> }} */ { headers },
  ) => {
    const path = new URL(url).pathname;
    const kind = kindOf(path, digestOf(signature));
    for (let turn = delays[kind] ?? 0; turn > 0; turn -= 1) await new Promise((next) => setImmediate(next));
    if (kind === "token") return Response.json({ token: "T" });
    const said = reply({ kind, auth: headers.authorization ?? null, domain });
    if (said) return said;
    if (kind === "image") return manifest(image);
    if (kind === "tag" || kind === "signature") return manifest(signature);
    if (kind === "blob") return new Response(payload);
    return refusal(404, "MANIFEST_UNKNOWN");
  };
  const listed = { mediaType: manifestType, digest: digestOf(signature), size: signature.length };
  return { fetch, listed, reference: `${domain}/team/app@${digest}` };
}

/** @param {string} path @param {string} signature */
function kindOf(path, signature) {
  if (path.endsWith("/token")) return "token";
  if (path.includes("/referrers/")) return "referrers";
  if (path.endsWith(".sig")) return "tag";
  if (path.endsWith(".att")) return "attestations";
  if (path.endsWith(`/manifests/${digest}`)) return "image";
  if (path.endsWith(`/manifests/${signature}`)) return "signature";
  return path.includes("/blobs/") ? "blob" : "fallback";
}

/** @param {Buffer} body @param {string} [type] */
function manifest(body, type = manifestType) {
  return new Response(new Uint8Array(body), { headers: { "content-type": type } });
}

/** @param {number} status @param {string} code @param {Record<string, string>} [headers] */
function refusal(status, code, headers = {}) {
  return Response.json({ errors: [{ code }] }, { status, headers });
}

/** @param {string} domain @param {string} [scope] */
function challenge(domain, scope = "repository:team/app:pull") {
  const value = `Bearer realm="https://${domain}/token",service="s",scope="${scope}"`;
  return refusal(401, "UNAUTHORIZED", { "www-authenticate": value });
}

/** @type {Record<string, number>[]} */
const orders = [
  {},
  { image: 9 },
  { tag: 9 },
  { referrers: 9 },
  { image: 9, tag: 5 },
  { fallback: 9, image: 5 },
];

for (const delays of orders) {
  const order = JSON.stringify(delays);
  for (const credentials of [{}, { username: "u", password: "correct-horse" }]) {
    const who = credentials.username ?? "anonymous";

    test(`referrers that are refused before a sign-in are asked for again: ${who}, ${order}`, async () => {
      const { fetch, reference, listed } = registryOf(({ kind, auth, domain }) => {
        if (kind === "referrers" && auth !== "Bearer T") return refusal(401, "UNAUTHORIZED");
        if (kind === "referrers")
          return manifest(
            bytesOf({ schemaVersion: 2, mediaType: indexType, manifests: [listed] }),
            indexType,
          );
        if (auth !== "Bearer T") return challenge(domain);
        return kind === "tag" ? refusal(404, "MANIFEST_UNKNOWN") : undefined;
      }, delays);
      const { state } = await verifyImage(reference, {
        publicKey: pair.pem,
        registry: { fetch, ...credentials },
      });
      assert.equal(state, "verified");
    });
  }

  test(`a tag and a list that show less before a sign-in are asked for again: ${order}`, async () => {
    const { fetch, reference } = registryOf(({ kind, auth, domain }) => {
      if (kind === "image" && !auth) return challenge(domain);
      if (kind === "tag" && !auth) return refusal(404, "MANIFEST_UNKNOWN");
      if (kind === "referrers")
        return manifest(bytesOf({ schemaVersion: 2, mediaType: indexType, manifests: [] }), indexType);
      return undefined;
    }, delays);
    const { state } = await verifyImage(reference, { publicKey: pair.pem, registry: { fetch } });
    assert.equal(state, "verified");
  });

  test(`a bare "not found" in another repository says nothing, whatever answers first: ${order}`, async () => {
    const own = { "docker-distribution-api-version": "registry/2.0" };
    const { fetch, reference } = registryOf(({ kind }) => {
      if (kind === "tag") return new Response(null, { status: 404, headers: own });
      if (kind === "referrers") return refusal(404, "UNSUPPORTED");
      if (kind === "fallback")
        return manifest(bytesOf({ schemaVersion: 2, mediaType: indexType, manifests: [] }), indexType);
      return undefined;
    }, delays);
    const registry = { fetch, repository: "team/signatures" };
    const { state, problems } = await verifyImage(reference, { publicKey: pair.pem, registry });
    assert.equal(state, "unreachable");
    assert.deepEqual(
      problems.map(({ from }) => from),
      ["tag"],
    );
  });
}

test('a bare "not found" of attestations is believed once any place has shown the repository', async () => {
  const bare = () =>
    new Response(null, { status: 404, headers: { "docker-distribution-api-version": "registry/2.0" } });
  const unknown = () => refusal(404, "MANIFEST_UNKNOWN");
  for (const [shows, repository, isBelieved] of /** @type {const} */ ([
    ["image", undefined, true],
    ["tag", "team/signatures", true],
    ["referrers", "team/signatures", true],
    ["fallback", "team/signatures", true],
    // The image's own repository says nothing of another.
    ["image", "team/signatures", false],
    // Nor does a repository of the same name in another registry.
    ["image", "other.example/team/app", false],
    ["tag", "other.example/team/app", true],
  ])) {
    /** @type {unknown} */
    let listed;
    const made = registryOf(({ kind }) => {
      if (kind === "attestations") return bare();
      if (kind === "tag" && shows !== "tag") return unknown();
      if (kind !== "referrers" && kind !== "fallback") return undefined;
      if (kind !== shows) return kind === "referrers" ? refusal(404, "UNSUPPORTED") : unknown();
      return manifest(bytesOf({ schemaVersion: 2, mediaType: indexType, manifests: [listed] }), indexType);
    }, {});
    listed = made.listed;
    const { problems } = await verifyImage(made.reference, {
      publicKey: pair.pem,
      attestations: "verify",
      registry: { fetch: made.fetch, repository },
    });
    const told = problems.some(({ from }) => from === "attestation-tag");
    assert.equal(told, !isBelieved, `${shows} in ${repository}: ${JSON.stringify(problems)}`);
  }
});
