// Facts beside the request, by which the approver can judge it: its product and key, the image's description, and the
// signatures that exist. Each is read without holding up the others.

import {
  describeImage,
  type ImageDescription,
  type PublicKey,
  publicKey,
  type SigningClient,
  type StoredProduct,
  type Verification,
  verifyImage,
} from "ocisign";
import type { OcisignElement } from "../base.ts";
import { Reading } from "../controllers/reading.ts";
import { shallow } from "../model/depth.ts";
import { mismatch } from "../model/offer.ts";
import type { RequestView } from "../model/request-view.ts";
import type { RegistrySource } from "../portal.ts";

/** The element that the findings belong to. */
interface Host extends OcisignElement {
  readonly shown: RequestView | undefined;
  readonly now: RequestView | undefined;
  verified(verification: Verification): void;
}

/** What of the way to a registry makes a difference. */
type Access = readonly unknown[];

/** Why the product does not sign for the registry; undefined when it does. */
export type Match = { error: unknown };

export class Findings {
  /** The product's key, once the product is read. */
  key: PublicKey | undefined = undefined;
  /** Why there is none. */
  keyProblem: unknown = undefined;
  /** Does the product sign for the image's registry? Unknown without a product, or without an image. */
  match: Match | undefined = undefined;
  readonly product: Reading<StoredProduct, readonly [SigningClient, string]>;
  readonly description: Reading<ImageDescription, readonly [string, ...Access]>;
  readonly verification: Reading<Verification, readonly [string, PublicKey, boolean, ...Access]>;
  #element;
  /** What the key and the match were made from. */
  #judged: unknown[] = [];

  constructor(element: Host) {
    this.#element = element;
    this.product = new Reading(element, async ([client, id], signal) =>
      shallow(await client.product(id, { signal })),
    );
    this.description = new Reading(element, ([canonical], signal) => this.#describe(canonical, signal));
    this.verification = new Reading(element, ([canonical, key, isSigned], signal) =>
      this.#verify(canonical, key, isSigned, signal),
    );
  }

  /** Reads what belongs to what is shown. */
  follow() {
    const { client, shown, now, registry } = this.#element;
    const { productId } = shown?.signing ?? {};
    const canonical = shown?.image?.canonical;
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
    // A key is a new object each time, and another key means another verification.
    if (this.#judged[0] === product && this.#judged[1] === shown) return;
    this.#judged = [product, shown];
    this.key = this.keyProblem = this.match = undefined;
    if (!product || !shown) return;
    const { image, signing } = shown;
    try {
      this.key = publicKey(product, signing.idProductOperation ?? undefined, client?.profile);
    } catch (error) {
      this.keyProblem = error;
    }
    if (image) this.match = { error: mismatch(product, image) };
  }

  async #describe(canonical: string, signal: AbortSignal) {
    return describeImage(canonical, { registry: await this.#registry(), signal });
  }

  async #verify(canonical: string, key: PublicKey, isSigned: boolean, signal: AbortSignal) {
    const registry = await this.#registry();
    const verification = await verifyImage(canonical, { publicKey: key, registry, signal });
    if (isSigned && !signal.aborted) this.#element.verified(verification);
    return verification;
  }

  async #registry() {
    const reference = this.#element.shown?.image;
    return reference && this.#element.registryFor(reference);
  }
}

/**
 * What of the way to a registry makes a difference. Portals that draw by functions pass a new object, or a new
 * function, each time they draw; a function is asked again when something is read again.
 */
function accessOf(registry: RegistrySource | undefined): Access {
  if (typeof registry !== "object") return [typeof registry];
  const { url, username, password, repository } = registry;
  return [String(url), username, password, repository];
}
