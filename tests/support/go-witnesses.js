// Libraries by others that decide about images, as programs of a page (tests/go): sigstore-go, and containers/image.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseReference } from "ocisign";
import { manifestTypes } from "../../demo/registry.js";
import { goProgram } from "../../tools/machine/go.js";

/** @typedef {import("./cosign.js").Tools} Tools */

/** @param {Tools} tools @param {string} name @param {string[]} args */
function run(tools, name, args) {
  const { status, stdout, stderr, error } = spawnSync(goProgram(name), args, {
    env: tools.env,
    encoding: "utf8",
  });
  if (error) throw error;
  if (status !== 0 && status !== 1) throw new Error(`${name} ended with ${status}:\n${stdout}${stderr}`);
  return { isAccepted: status === 0, said: stdout.trim() };
}

/**
 * What sigstore-go says of an image's one bundle: with the hash of the key's own type, and with SHA-256.
 *
 * @param {Tools} tools @param {import("../../demo/registry.js").RegistryAccess} access @param {string} pem
 * @param {string} image @returns {Promise<{ own: string, sha256: string }>}
 */
export async function sigstoreGo(tools, access, pem, image) {
  const bundle = tools.file("bundle.json", await bundleOf(access, image));
  const { digest } = parseReference(image);
  return JSON.parse(run(tools, "bundle-verifier", [tools.file("key.pub", pem), bundle, digest]).said);
}

/**
 * The bundle that refers to an image, by the registry's list or by the fallback tag.
 *
 * @param {import("../../demo/registry.js").RegistryAccess} access @param {string} image
 */
async function bundleOf({ url, username, password }, image) {
  const { repository, digest } = parseReference(image);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const accept = [...manifestTypes, "*/*"].join(", ");
  const get = (/** @type {string} */ path) =>
    fetch(`${url}/v2/${repository}/${path}`, { headers: { authorization, accept } });
  const own = await get(`referrers/${digest}`);
  const listed = own.ok ? own : await get(`manifests/${digest.replace(":", "-")}`);
  const { manifests } = await listed.json();
  if (manifests.length !== 1) throw new Error(`${image} has ${manifests.length} referrers`);
  const manifest = await (await get(`manifests/${manifests[0].digest}`)).json();
  if (manifest.subject.digest !== digest) throw new Error("the manifest refers to something else");
  return Buffer.from(await (await get(`blobs/${manifest.layers[0].digest}`)).arrayBuffer());
}

/**
 * Whether containers/image, as podman and CRI-O use it, runs an image by a policy that asks for a signature of this key.
 * The policy asks for the image's own repository, as its default does.
 *
 * @param {Tools} tools @param {string} pem @param {string} image
 */
export function containersImage(tools, pem, image) {
  const { registry } = parseReference(image);
  const folder = join(tools.folder, "registries.d");
  mkdirSync(folder, { recursive: true });
  const attachments = JSON.stringify({ docker: { [registry]: { "use-sigstore-attachments": true } } });
  // YAML reads JSON.
  tools.file(join("registries.d", "ours.yaml"), attachments);
  const identity = { type: "matchRepository" };
  const rule = { type: "sigstoreSigned", keyPath: tools.file("key.pub", pem), signedIdentity: identity };
  const policy = tools.file("policy.json", JSON.stringify({ default: [rule] }));
  return containersImageBy(tools, policy, folder, image);
}

/**
 * Whether containers/image runs an image, by files that are there.
 *
 * @param {Tools} tools @param {string} policy policy.json @param {string} registries the folder registries.d
 * @param {string} image
 */
export function containersImageBy(tools, policy, registries, image) {
  const at = (/** @type {string} */ path) => resolve(tools.folder, path);
  const answer = run(tools, "policy-verifier", [at(policy), at(registries), at("config.json"), image]);
  // It did see what it refuses.
  if (!answer.isAccepted && !/signature|rejected by policy/i.test(answer.said))
    throw new Error(`policy-verifier: ${answer.said}`);
  return answer;
}
