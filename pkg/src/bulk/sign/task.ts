// What all requests of a run have in common: product, operation, words, metadata.
import { buildSigningRequest, registriesOf } from "../../core.ts";
import { fail, OcisignError, type OcisignErrorOf } from "../../error.ts";
import { isText } from "../../foreign.ts";
import { encodeArtifactUri } from "../../image/artifact-uri.ts";
import type { ImageReference } from "../../image/reference.ts";
import { checkRegistry } from "../../service/check-registry.ts";
import type { SigningClient } from "../../service/client.ts";
import type { NamedValue, Product } from "../../service/product.ts";
import type { Profile } from "../../service/profile.ts";
import type { RequestByProduct, SigningRequestBody } from "../../service/request.ts";
import type { Signing } from "../../service/signing.ts";
import { type KeySet, readKeys, type VerificationKey } from "../../signature/keys.ts";
import { keyFor } from "../../signature/product-key.ts";
import { batchEntry, requestEntry, requestKey } from "../batch-id.ts";
import type { Calls } from "../calls.ts";
import type { Item } from "./list.ts";
import type { SignGiven } from "./sign-given.ts";

const noHash = "0".repeat(64);

/** What is to be requested for each image. */
export class Task {
  readonly batch: string;
  readonly productId: string;
  readonly operationId: string;
  readonly #given: SignGiven;
  /** Of any image. */
  readonly #body: SigningRequestBody;
  readonly product: Product | undefined;
  /** Why the product could not be read. */
  readonly unread: OcisignErrorOf<"forbidden"> | undefined;
  /** Registries that the product signs for, as far as they were met. */
  readonly #checked = new Set<string>();

  private constructor(
    given: SignGiven,
    batch: string,
    product: Product | undefined,
    unread: OcisignErrorOf<"forbidden"> | undefined,
  ) {
    this.#given = given;
    this.batch = batch;
    this.product = product;
    this.unread = unread;
    // What is wrong with product, operation and words is said before anything is sent.
    const shown: unknown = product && registriesOf(product)[0];
    const registry = isText(shown) ? shown : "registry.invalid";
    const { productId, operation, operationId = "" } = given;
    this.#body = buildSigningRequest({
      ...this.#words(noHash),
      product: product ?? knownByIds(productId, operationId, registry),
      productId,
      operation: product ? (operation as RequestByProduct["operation"]) : undefined,
      operationId: given.operationId,
      artifact: `${registry}/any@sha256:${noHash}`,
    });
    this.productId = this.#body.productId;
    this.operationId = this.#body.idProductOperation;
  }

  /** Reads the product once for all images. */
  static async read(client: SigningClient, calls: Calls, given: SignGiven, batch: string): Promise<Task> {
    if (given.product) return new Task(given, batch, given.product, undefined);
    try {
      const product = await calls.read((signal) => client.product(given.productId, { signal }));
      return new Task(given, batch, product, undefined);
    } catch (error) {
      if (!(error instanceof OcisignError) || error.code !== "forbidden") throw error;
      if (given.operationId !== undefined) return new Task(given, batch, undefined, error);
      throw fail("forbidden", error.message, "Pass operationId: then the product need not be read.", error);
    }
  }

  /** @throws {OcisignError} `registry-mismatch` */
  check(image: ImageReference): void {
    if (!this.product || this.#checked.has(image.registry)) return;
    checkRegistry(image, this.product);
    this.#checked.add(image.registry);
  }

  /** The request's own key. */
  keyOf({ hash }: Pick<Item, "hash">): string {
    return requestKey(this.batch, hash);
  }

  /** Product, words and image were checked before: only what differs from image to image is new. */
  bodyFor({ reference, hash }: Item): SigningRequestBody {
    const { payload } = this.#body;
    const [parameter] = payload.optionalParameters;
    const image = { ...parameter, artifactURI: encodeArtifactUri(reference) };
    // The order of the fields stays as the module has built them.
    return {
      ...this.#body,
      payload: { ...payload, metadata: this.#metadata(hash), optionalParameters: [image] },
    };
  }

  /** Says of a request that nothing here could check its product, as `requestSigning` does. */
  mark(signing: Signing): void {
    if (this.unread) Object.defineProperty(signing, "unchecked", { value: this.unread, configurable: true });
  }

  #words(hash: string) {
    const { name, description } = this.#given;
    return { name, description, metadata: this.#metadata(hash) };
  }

  #metadata(hash: string): NamedValue[] {
    const { metadata, mark } = this.#given;
    if (!mark) return [...metadata];
    const own = [
      { name: batchEntry, value: this.batch },
      { name: requestEntry, value: this.keyOf({ hash }) },
    ];
    return [...metadata, ...own];
  }
}

/** No more of a product than a request needs. One that may not be read is known by its ids only: the service checks it. */
function knownByIds(id: string, operationId: string, registry: string): Product {
  return {
    id,
    enabled: true,
    productOperations: [{ id: operationId, operationType: "SignOCI" }],
    productConfigItems: [{ name: "RegistryURL", value: registry }],
  };
}

/**
 * The keys by which a registry proves an image: the caller's, or the product's.
 *
 * @param isWished the caller wants it: then it is an error that there is none. By default it is usual: many products
 *   show no key.
 */
export async function provingKeys(
  { product, unread, productId, operationId }: Task,
  profile: Profile,
  expected: readonly VerificationKey[] | undefined,
  isWished: boolean,
): Promise<KeySet | undefined> {
  try {
    const seen = product ? { product } : { unread };
    const keys = expected ?? [keyFor({ ...seen, productId, operation: operationId, profile }).key];
    return await readKeys({ keys });
  } catch (error) {
    const isUsual = error instanceof OcisignError && usual.test(error.code);
    if (isUsual && !isWished && !expected) return undefined;
    throw error;
  }
}

/** Nothing shows a key, the product is withheld, or the platform cannot check signatures. */
const usual = /^(bad-public-key|forbidden|not-found|no-crypto)$/;
