// What is read beside the request itself, so that the approver can judge it: its product and key, what the image is,
// and which signatures are there. None of it holds up the rest.
import { describeImage, publicKey, verifyImage } from "ocisign";
import { Reading } from "../controllers/reading.js";
import { shallow } from "../model/depth.js";
import { mismatch } from "../model/product.js";

/**
 * @typedef {import("ocisign").OcisignError} OcisignError
 * @typedef {import("ocisign").PublicKey} PublicKey
 * @typedef {{ error: unknown }} Match why the product does not sign for the registry; undefined when it does
 */

export class Findings {
  /** The product's key, once the product is read. @type {PublicKey | undefined} */
  key = undefined;
  /** Why there is none. @type {OcisignError | undefined} */
  keyProblem = undefined;
  /** Does the product sign for the image's registry? Unknown without a product, or without an image. @type {Match | undefined} */
  match = undefined;
  #element;
  /** What the key and the match were made from. @type {unknown[]} */
  #judged = [];

  /** @param {import("../signing.js").OcisignSigning} element */
  constructor(element) {
    this.#element = element;
    /** @type {Reading<import("ocisign").StoredProduct>} */
    this.product = new Reading(element, async ([client, id], signal) =>
      shallow(await client.product(id, { signal })),
    );
    /** @type {Reading<import("ocisign").ImageDescription>} */
    this.description = new Reading(element, ([canonical], signal) => this.#describe(canonical, signal));
    /** @type {Reading<import("ocisign").Verification>} */
    this.verification = new Reading(element, ([canonical, key, isSigned], signal) =>
      this.#verify(canonical, key, isSigned, signal),
    );
  }

  /** Reads what belongs to what is shown. */
  follow() {
    const { client, shown, now, registry } = this.#element;
    const { productId } = shown?.signing ?? {};
    const canonical = shown?.artifact.reference?.canonical;
    this.product.by(client && productId ? [client, productId] : undefined);
    this.#judge();
    const access = accessOf(registry);
    this.description.by(canonical ? [canonical, ...access] : undefined);
    const isSigned = now?.signing.state === "signed";
    this.verification.by(canonical && this.key ? [canonical, this.key, isSigned, ...access] : undefined);
  }

  #judge() {
    const { value: product } = this.product;
    const { client, shown } = this.#element;
    // A key is a new object each time, and what is read by it is read anew.
    if (this.#judged[0] === product && this.#judged[1] === shown) return;
    this.#judged = [product, shown];
    this.key = this.keyProblem = this.match = undefined;
    if (!product || !shown) return;
    const { artifact, signing } = shown;
    try {
      this.key = publicKey(product, signing.idProductOperation ?? undefined, client?.profile);
    } catch (error) {
      this.keyProblem = /** @type {OcisignError} */ (error);
    }
    if (artifact.reference) this.match = { error: mismatch(product, artifact.reference) };
  }

  /** @param {string} canonical @param {AbortSignal} signal */
  async #describe(canonical, signal) {
    return describeImage(canonical, { registry: await this.#registry(), signal });
  }

  /** @param {string} canonical @param {PublicKey} key @param {boolean} isSigned @param {AbortSignal} signal */
  async #verify(canonical, key, isSigned, signal) {
    const registry = await this.#registry();
    const verification = await verifyImage(canonical, { publicKey: key, registry, signal });
    if (isSigned && !signal.aborted) this.#element.verified(verification);
    return verification;
  }

  async #registry() {
    const reference = this.#element.shown?.artifact.reference;
    return reference && this.#element.registryFor(reference);
  }
}

/**
 * What of the way to a registry makes a difference. Portals that draw by functions pass a new object, or a new
 * function, each time they draw; a function is asked again when something is read again.
 *
 * @param {import("../index.js").RegistrySource | undefined} registry
 */
function accessOf(registry) {
  if (typeof registry !== "object") return [typeof registry];
  const { url, username, password, repository } = registry;
  return [String(url), username, password, repository];
}
