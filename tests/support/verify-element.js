// <ocisign-verify> on the stage, beside a registry of a few lines.
import { createPublicKey } from "node:crypto";
import { useWhileTesting } from "./browser.js";
import { fakeRegistry } from "./fake-registry.js";
import { keyPair, manifestOf, payloadFor, simpleLayer } from "./signatures.js";
import { focused, mount, told, useStage } from "./stage.js";

export const key = keyPair("P-256");
export const other = keyPair("rsa");
/** The key in DER. */
export const der = createPublicKey(key.pem).export({ type: "spki", format: "der" });
export const repository = "team/app";
export const indexType = "application/vnd.oci.image.index.v1+json";

/** @typedef {import("playwright-core").Page} Page */

/** The element, and a registry that pages may read. */
export function useVerify(stage = useStage()) {
  const started = useWhileTesting(
    () => fakeRegistry({ isOpen: true }),
    ({ close }) => close(),
  );

  /** A registry of the test's own. @param {Parameters<typeof fakeRegistry>[0]} [options] */
  async function registryOf(options) {
    const registry = await fakeRegistry(options);
    stage.closeAfterTest(registry.close);
    return registry;
  }

  /** The element on a page of its own. @param {Parameters<typeof mount>[2]} [given] */
  async function openVerify(given) {
    const { page, complaints } = await stage.open();
    return { complaints, ...(await mountVerify(page, given)) };
  }

  /** An image in the registry. @param {string} name */
  function imageOf(name) {
    const registry = started();
    const digest = registry.manifest(repository, manifestOf({ digest: name }));
    return { digest, reference: `${registry.domain}/${repository}@${digest}` };
  }

  /** Signs an image of the registry under its tag. @param {string} digest */
  function signByTag(digest, by = key, named = `${started().domain}/${repository}`) {
    const bytes = Buffer.from(JSON.stringify(payloadFor({ repository: named, digest })));
    started().blob(repository, bytes);
    const tag = `${digest.replace(":", "-")}.sig`;
    started().manifest(repository, manifestOf(simpleLayer(by.privateKey, bytes)), tag);
  }

  return {
    get registry() {
      return started();
    },
    ...{ openVerify, registryOf, imageOf, signByTag },
  };
}

/**
 * Puts the element on a page, in place of the one that is there.
 *
 * @param {Page} page @param {Parameters<typeof mount>[2]} [given]
 */
export async function mountVerify(page, given) {
  const element = await mount(page, "ocisign-verify", given);
  return {
    page,
    element,
    /** @param {string} name */
    button: (name) => element.getByRole("button", { name, exact: true }),
    /** @param {string} word */
    outcome: (word) => element.getByRole("heading", { name: `Result : ${word}` }),
    /** @param {string} reference */
    async fill(reference, pem = key.pem) {
      await element.getByLabel("Image", { exact: true }).fill(reference);
      await element.getByLabel("Public key, as PEM or base64").fill(pem);
    },
    /** @param {string} type */
    events: (type) => told(page, type),
    focused: () => focused(page),
  };
}
