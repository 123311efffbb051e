// Signs one image through the whole documented flow, and proves it.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseReference, publicKey, SigningClient, waitAndVerify } from "ocisign";
import { pushImage } from "./image.js";
import { referenceProduct } from "./product.js";
import { Registry } from "./registry.js";
import { startSandbox } from "./sandbox.js";

/**
 * @param {object} context
 * @param {string} context.program the sandbox
 * @param {string} context.root the project's folder
 * @param {string} [context.image] an image that is already in a registry
 * @param {string} [context.username] @param {string} [context.password] for that registry
 */
export async function demo({ program, root, image, username, password }) {
  const folder = join(root, ".ocisign", "demo");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const elsewhere = image ? accessTo(image, username, password) : undefined;
  const sandbox = await startSandbox({ program, data: join(folder, "sandbox"), registry: elsewhere });
  try {
    const access = elsewhere ?? sandbox.registry;
    const registry = new Registry(access);
    const reference = await imageToSign({ image, registry, domain: sandbox.registry.domain });
    const keyFile = join(folder, "public-key.pem");
    const { signing, verification } = await sign({ sandbox, reference, keyFile, access });
    if (verification?.state !== "verified")
      throw new Error(verification?.reason ?? `${signing.state}: ${signing.reason}`);
    return {
      status: signing.status,
      verification: verification.state,
      image: reference,
      registry: access.url,
      publicKey: keyFile,
    };
  } finally {
    await sandbox.stop();
  }
}

/** @param {{ image?: string, registry: Registry, domain: string }} where @returns {Promise<string>} its canonical reference */
async function imageToSign({ image, registry, domain }) {
  if (!image) {
    const pushed = `${domain}/demo/hello@${await pushImage(registry, "demo/hello")}`;
    say("pushed", pushed);
    return pushed;
  }
  if (image.includes("@")) return parseReference(image).canonical;
  const { repository, tag } = splitTagged(image);
  const resolved = `${domain}/${repository}@${await registry.resolve(repository, tag)}`;
  say("resolved", `the tag ${tag} to ${resolved}`);
  return parseReference(resolved).canonical;
}

/**
 * @param {object} what
 * @param {import("./sandbox.js").Sandbox} what.sandbox
 * @param {string} what.reference
 * @param {string} what.keyFile where the public key goes
 * @param {import("./registry.js").RegistryAccess} what.access to the registry, for the proof
 */
async function sign({ sandbox, reference, keyFile, access }) {
  const profile = await (await fetch(`${sandbox.base}/ocisign-profile`)).json();
  const as = (/** @type {string} */ role) =>
    new SigningClient({ baseUrl: sandbox.base, profile, token: sandbox.person(role).token });
  const requester = as("requester");

  const created = await requester.createProduct(referenceProduct(parseReference(reference).registry));
  // As anyone would later: by its id.
  const product = await requester.product(created.id);
  const key = publicKey(product, undefined, profile);
  writeFileSync(keyFile, key.pem);
  say("product", `${product.id}, key ${key.keyType} ${key.fingerprint}`);

  const request = await requester.requestSigning({
    product,
    artifact: reference,
    description: "The demo's image",
    metadata: [{ name: "Version", value: "v1.0" }],
  });
  say("requested", `${request.id}: ${request.state} (${request.status})`);

  const { url, username, password } = access;
  const done = waitAndVerify(requester, request.id, {
    registry: username && password ? { url, username, password } : { url },
    reference,
    timeoutMs: 120_000,
    intervalMs: 100,
    onStatus: (now) => say("status", `${now.status} ${now.state}`),
  });
  // Handled below; without this a rejection while somebody still approves would end the process.
  done.catch(() => {});
  for (const role of ["approver-one", "approver-two"]) {
    const approver = as(role);
    const shown = await approver.signing(request.id);
    const { missingGroups } = await approver.approve(request.id, { expect: shown, comment: "seen" });
    say(
      "approved",
      `by ${sandbox.person(role).name}; groups missing: ${/** @type {string[]} */ (missingGroups).length}`,
    );
  }
  const outcome = await done;
  for (const { from, format, hash } of outcome.verification?.signatures ?? []) {
    say("found", `${format}, ${hash}, by ${from.join(" and ")}`);
  }
  if (outcome.verification) say(outcome.verification.state, outcome.verification.reason);
  return outcome;
}

/** @param {string} image @param {string} [username] @param {string} [password] */
function accessTo(image, username, password) {
  const domain = image.includes("@") ? parseReference(image).registry : splitTagged(image).domain;
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])(:|$)/.test(domain);
  return { url: `${isLoopback ? "http" : "https"}://${domain}`, username, password };
}

/** @param {string} image `domain/repository[:tag]` */
function splitTagged(image) {
  const [, name, tag = "latest"] = image.match(/^(.+?)(?::([^/:]+))?$/) ?? [];
  // The digest is not known yet; everything before it can be checked all the same.
  const { registry, repository } = parseReference(`${name}@sha256:${"0".repeat(64)}`);
  return { domain: registry, repository, tag };
}

/** @param {string} what @param {string} details */
function say(what, details) {
  console.log(`${what.padEnd(10)} ${details}`);
}
