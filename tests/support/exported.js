// A registry with images that a trust file admits and refuses, each for a reason of its own, signed with keys that the
// tests hold. Whoever reads an export of the file has to say the same of them.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseReference } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { testSandbox } from "./sandbox.js";
import { keyPair, manifestOf, payloadFor, simpleLayer } from "./signatures.js";

const manifestType = "application/vnd.oci.image.manifest.v1+json";

/** @typedef {"a" | "b" | "c" | "old" | "expired" | "lost" | "stranger"} Signer */

/**
 * An image: who signed it in which repository, and what the trust file says of it.
 *
 * @typedef {object} Case
 * @property {string} repository
 * @property {Signer[]} by
 * @property {boolean} admitted
 * @property {"moved" | "forged"} [claim] what the signature says wrongly: the repository, or the digest
 */

/** @type {Record<string, Case>} */
export const cases = {
  right: { repository: "team/app", by: ["a"], admitted: true },
  "deep below": { repository: "team/deep/er/app", by: ["b"], admitted: true },
  "another key beside it": { repository: "team/beside", by: ["a", "stranger"], admitted: true },
  "another key": { repository: "team/other", by: ["stranger"], admitted: false },
  unsigned: { repository: "team/unsigned", by: [], admitted: false },
  "a retired key": { repository: "team/old", by: ["old"], admitted: false },
  "a retired key that counts for it": { repository: "team/kept", by: ["old"], admitted: true },
  "an expired key": { repository: "team/expired", by: ["expired"], admitted: false },
  "a revoked key": { repository: "team/lost", by: ["lost"], admitted: false },
  "a revoked digest": { repository: "team/bad", by: ["a"], admitted: false },
  "one of two": { repository: "two/app", by: ["a"], admitted: false },
  "twice the same": { repository: "two/app", by: ["a", "a"], admitted: false },
  "two of three": { repository: "two/app", by: ["c", "a"], admitted: true },
  "a narrower rule": { repository: "team/inner/app", by: ["c"], admitted: true },
  "a wider rule's key": { repository: "team/inner/app", by: ["a"], admitted: false },
  "outside all rules": { repository: "elsewhere/app", by: ["a", "b", "c"], admitted: false },
  "below one repository": { repository: "two/app/below", by: ["a", "b"], admitted: false },
  "copied from another repository": { repository: "team/moved", by: ["a"], claim: "moved", admitted: false },
  "made for another image": { repository: "team/forged", by: ["a"], claim: "forged", admitted: false },
};

/**
 * What a judge says of every image, beside what the trust file says.
 *
 * @param {Record<string, string>} images @param {(image: string) => boolean} admits
 * @param {{ refusesMore?: string[], admitsMore?: string[] }} [differs] where the judge is known to say otherwise
 */
export function verdicts(images, admits, { refusesMore = [], admitsMore = [] } = {}) {
  const judged = Object.entries(images).map(([name, image]) => [name, admits(image)]);
  const expected = Object.entries(cases).map(([name, { admitted }]) => [
    name,
    (admitted && !refusesMore.includes(name)) || admitsMore.includes(name),
  ]);
  return { judged: Object.fromEntries(judged), expected: Object.fromEntries(expected) };
}

/** Writes the files of an export into a folder. @param {string} folder @param {readonly { path: string, text: string }[]} files */
export function writeExport(folder, files) {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** The repositories that a rule holds for. @param {string} domain */
export function heldRepositories(domain) {
  const held = Object.values(cases)
    .map(({ repository }) => repository)
    .filter((repository) => repository.startsWith("team/") || repository === "two/app");
  return [...new Set(held)].map((repository) => `${domain}/${repository}`);
}

/** The images in a registry, and the trust file about them. */
export async function exportedWorld() {
  const sandbox = await testSandbox({ name: "exported" });
  const { domain } = sandbox.registry;
  const registry = new Registry(sandbox.registry);
  const keys = Object.fromEntries(
    ["a", "b", "c", "old", "expired", "lost", "stranger"].map((name) => [name, keyPair("P-256")]),
  );

  /** @param {string} name @param {Case} about @returns {Promise<string>} the image */
  async function push(name, { repository, by, claim }) {
    const digest = await pushImage(registry, repository, `${name}\n`);
    const said = {
      repository: claim === "moved" ? `${domain}/team/elsewhere` : `${domain}/${repository}`,
      digest: claim === "forged" ? `sha256:${"0".repeat(64)}` : digest,
    };
    const layers = by.map((signer) => {
      // Each signature has bytes of its own, as a registry keeps a layer once.
      const bytes = Buffer.from(`${JSON.stringify(payloadFor(said))}${" ".repeat(by.indexOf(signer))}`);
      return { bytes, layer: simpleLayer(keys[signer].privateKey, bytes) };
    });
    if (layers.length > 0) {
      for (const { bytes } of layers) await registry.pushBlob(repository, bytes);
      await registry.pushBlob(repository, Buffer.from(""));
      const manifest = manifestOf(...layers.map(({ layer }) => layer));
      await registry.pushManifest(repository, `${digest.replace(":", "-")}.sig`, manifest, manifestType);
    }
    return `${domain}/${repository}@${digest}`;
  }

  /** @type {Record<string, string>} */
  const images = {};
  for (const [name, about] of Object.entries(cases)) images[name] = await push(name, about);
  const digestOf = (/** @type {string} */ name) => parseReference(images[name]).digest;
  const past = "2025-01-01T00:00:00Z";
  const trust = {
    version: 1,
    keys: {
      a: { publicKey: keys.a.pem },
      b: { publicKey: keys.b.pem, validFrom: past },
      c: { publicKey: keys.c.pem, validUntil: "2999-01-01T00:00:00Z" },
      old: {
        publicKey: keys.old.pem,
        retired: { at: past, reason: "rotated", countsFor: [digestOf("a retired key that counts for it")] },
      },
      expired: { publicKey: keys.expired.pem, validUntil: past },
      lost: { publicKey: keys.lost.pem, revoked: { at: past, reason: "the token was stolen" } },
    },
    rules: [
      { name: "team apps", images: [`${domain}/team/**`], keys: ["a", "b", "old", "expired", "lost"] },
      { name: "two", images: [`${domain}/two/app`], keys: ["a", "b", "c"], threshold: 2 },
      { name: "inner", images: [`${domain}/team/inner/**`], keys: ["c"] },
    ],
    revokedDigests: [{ digest: digestOf("a revoked digest"), reason: "CVE-2026-1" }],
  };
  return { domain, access: sandbox.registry, keys, images, trust, push, close: () => sandbox.close() };
}
