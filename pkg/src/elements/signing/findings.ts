// Facts beside the request, by which the approver can judge it: its product and key, the image's description, and the
// signatures that exist. Each is read without holding up the others.

import {
  describeImage,
  type ImageDescription,
  type PublicKey,
  productChanges,
  type RequestChange,
  type SigningClient,
  type StoredProduct,
  type Verification,
  verifyImage,
} from "ocisign";
import { asForRequest, changesForRequest } from "../../digest/operation.ts";
import { fieldOf } from "../../foreign.ts";
import { isWithheld } from "../../service/withheld.ts";
import { lossOf } from "../../shown/loss-of.ts";
import { keyFor } from "../../shown/product-key.ts";
import { mismatch, type ProductSeen } from "../../shown/product-view.ts";
import { refusalOfKey } from "../../shown/refusals.ts";
import type { RequestView } from "../../shown/request-view.ts";
import type { FoundKey } from "../../signature/key-rule.ts";
import type { OcisignElement } from "../base.ts";
import { Reading } from "../controllers/reading.ts";
import { type Access, accessOf, signsIn, withoutSignIn } from "../model/access.ts";
import { taken } from "../model/depth.ts";
import type { Foresight } from "../model/foresight.ts";
import type { RegistrySource } from "../portal.ts";

/** The element that the findings belong to. */
interface Host extends OcisignElement {
  readonly shown: RequestView | undefined;
  readonly now: RequestView | undefined;
  readonly foresight: Foresight;
  verified(verification: Verification): void;
  changesFound(): void;
}

/** Why the product does not sign for the registry; undefined when it does. */
export type Match = { error: unknown };

export class Findings {
  /** The product's key, once the product is read. */
  key: PublicKey | undefined = undefined;
  /** Where the key was found, and whether it is pinned. */
  found: FoundKey | undefined = undefined;
  /** Why there is none; `key-mismatch` if the product shows another key than the pinned one. */
  keyProblem: unknown = undefined;
  /** Does the product sign for the image's registry? Unknown without a product, or without an image. */
  match: Match | undefined = undefined;
  /** What changed in the product since it was shown. */
  changes: RequestChange[] = [];
  /** The latest reading of the product. */
  readonly product: Reading<StoredProduct, readonly [SigningClient, string]>;
  readonly description: Reading<ImageDescription, readonly [string, ...Access]>;
  /** Does the service say more than is shown? Read for whoever may approve. */
  readonly loss: Reading<boolean, readonly [SigningClient, RequestView]>;
  readonly verification: Reading<Verification, readonly [string, PublicKey, boolean, ...Access]>;
  #element;
  /** The reading of the product that the person sees, and the request that it belongs to. */
  #seen: { request: RequestView | undefined; product: ProductSeen } | undefined = undefined;
  /** What the key and the match were made from. */
  #judged: readonly unknown[] = [];

  constructor(element: Host) {
    this.#element = element;
    this.product = new Reading(element, async ([client, id], signal) =>
      taken(await client.product(id, { signal })),
    );
    this.description = new Reading(element, ([canonical], signal) => this.#describe(canonical, signal));
    this.loss = new Reading(element, async ([client, { signing }], signal) => {
      return (await lossOf(client, signing.id, signal)) !== undefined;
    });
    this.verification = new Reading(element, ([canonical, key, isSigned], signal) =>
      this.#verify(canonical, key, isSigned, signal),
    );
  }

  /**
   * The product as the person sees it. It stays as it is until the person wants to see another: a product that was read
   * again is compared with it.
   */
  get shownProduct(): ProductSeen {
    return this.#seen?.product ?? { state: this.product.state === "none" ? "none" : "reading" };
  }

  /**
   * How the registry of the request's image is reached. Whoever made the request has named the image: a sign-in is for
   * the registry of its product.
   */
  get registry(): RegistrySource | undefined {
    const { registry } = this.#element;
    return this.match && this.match.error === undefined ? registry : withoutSignIn(registry);
  }

  /** Reads the product once more, to compare it with the one that is shown. */
  readAgain() {
    this.product.again();
  }

  /** The person wants the product read once more, and to see it. */
  showAgain() {
    this.#seen = undefined;
    this.product.again();
  }

  /** Reads what belongs to what is shown. */
  follow() {
    const { client, shown, now } = this.#element;
    const { productId } = shown?.signing ?? {};
    this.product.by(client && productId ? [client, productId] : undefined);
    this.loss.by(client && shown && !this.#element.foresight.obstacle ? [client, shown] : undefined);
    this.#seeProduct(shown);
    this.#judge();
    const access = accessOf(this.registry);
    // Before the product is read, it is not known whether the registry may have the sign-in.
    const isUnsure = signsIn(this.#element.registry) && this.product.state === "reading";
    const canonical = isUnsure ? undefined : shown?.image?.canonical;
    this.description.by(canonical ? [canonical, ...access] : undefined);
    const isSigned = now?.signing.state === "signed";
    this.verification.by(canonical && this.key ? [canonical, this.key, isSigned, ...access] : undefined);
  }

  /** Takes the first reading of the product as the one that is shown, and compares any later one with it. */
  #seeProduct(request: RequestView | undefined) {
    const { state, value, error } = this.product;
    if (this.#seen?.request !== request) {
      this.#seen = undefined;
      this.changes = [];
    }
    // A session that is being renewed has no client for a while.
    if (state === "reading" || state === "none") return;
    this.#seen ??= { request, product: { state, value, error } };
    const known = this.changes.length;
    this.changes = this.#changesOf(this.#seen.product, request);
    if (known === 0 && this.changes.length > 0) this.#element.changesFound();
  }

  #changesOf(seen: ProductSeen, request: RequestView | undefined): RequestChange[] {
    const { state, value, error } = this.product;
    if (value === seen.value || (state === "failed" && !isWithheld(error))) return [];
    if (!value || !seen.value)
      return [{ path: "product", before: seen.value?.name, after: value?.name ?? null }];
    const { idProductOperation } = request?.signing ?? {};
    const { profile } = this.#element.client ?? {};
    return changesForRequest(productChanges, seen.value, value, idProductOperation, profile);
  }

  #judge() {
    const { state, value: product, error: unread } = this.shownProduct;
    const { client, shown } = this.#element;
    // A key is a new object each time, and another key means another verification.
    const judged = [product, shown, unread, client && pinsOf(client)];
    if (judged.every((what, at) => what === this.#judged[at])) return;
    this.#judged = judged;
    this.key = this.keyProblem = this.match = this.found = undefined;
    if (!shown) return;
    const { image, signing } = shown;
    // A key that is pinned needs no product. Without one, there is nothing to say about a product that is withheld.
    if (!product && !(state === "failed" && isWithheld(unread))) return;
    try {
      const { productId, idProductOperation: operation } = signing;
      const its = product && asForRequest(product, operation);
      this.found = keyFor({ product: its, unread, productId, operation, profile: client?.profile });
      this.key = this.found.key;
    } catch (error) {
      // Why the product was not read is said once, where the product stands.
      this.keyProblem = product || refusalOfKey(error) ? error : undefined;
    }
    if (image && product) this.match = { error: mismatch(product, image) };
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
    return reference && this.#element.registryFor(reference, this.registry);
  }
}

const pins = new WeakMap<SigningClient, string | undefined>();

/** The keys that a client pins, to compare: its profile is a new object each time, and perhaps it is one itself. */
function pinsOf(client: SigningClient): string | undefined {
  if (!pins.has(client)) pins.set(client, JSON.stringify(fieldOf(client.profile, "keys")));
  return pins.get(client);
}
