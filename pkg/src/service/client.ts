// The client of a signing service.
import { buildSigningRequest, decodeArtifactUri, quote, serviceUrl } from "../core.ts";
import { fail, OcisignError } from "../error.ts";
import { type Fields, isRecord } from "../foreign.ts";
import type { Fetch } from "../http/fetch.ts";
import { checkOptions, count, type Given, optionalFunction, optionalSignal, positive } from "../options.ts";
import { artifactOf } from "./artifact.ts";
import { boundPartsOf, checkSameProduct, checkUnchanged, shownProduct, shownRequest } from "./binding.ts";
import { call, type Settings, stoppable } from "./call.ts";
import type {
  ApproveOptions,
  CallOptions,
  ClientOptions,
  RejectOptions,
  SigningFilter,
  WaitOptions,
} from "./client-options.ts";
import type { Retry } from "./exchange.ts";
import { queryOf } from "./filter.ts";
import type { ProductId, SigningId } from "./ids.ts";
import { plainCopy, toJson } from "./json.ts";
import type { ProductDefinition, StoredProduct } from "./product.ts";
import { type Profile, type RouteName, type WholeProfile, wholeProfile } from "./profile.ts";
import { type Reply, readList, readProduct, signingReader } from "./reply.ts";
import type { SigningRequestBody, SigningRequestInput } from "./request.ts";
import type { FinalSigning, Signing } from "./signing.ts";
import { Tokens } from "./token-source.ts";
import { waitForEnd } from "./waiting.ts";

/** How long a product that was read is believed, in milliseconds. */
const productAge = 60_000;

/**
 * The client of a signing service. All methods return promises, and reject with {@link OcisignError}: beside the
 * codes that each names, `bad-token`; `unauthorized`, `forbidden`, `not-found`, `bad-request`, `rate-limited`,
 * `redirected`, `server-error` by the service's HTTP status; `not-json`, `bad-reply`, `bad-status` for a reply that
 * is none; `network`, `timeout`, `aborted`.
 *
 * A call that only reads is repeated after a passing fault. One that acts is repeated only after a 401 with
 * a new token, or after a 429; never when it is in doubt whether the service took it.
 *
 * @example
 * ```js
 * import { SigningClient } from "ocisign";
 *
 * const client = new SigningClient({
 *   baseUrl: "https://app.laavat.io/acme/api/v1",
 *   token: () => process.env.OCISIGN_TOKEN ?? "",
 * });
 * const request = await client.requestSigning({ productId: product.id, artifact: image });
 * const end = await client.waitForSignature(request.id);
 * if (end.state !== "signed") throw new Error(end.reason);
 * ```
 */
export class SigningClient {
  static {
    // The name that Node prints, also of minified code.
    Object.defineProperty(SigningClient, "name", { value: "SigningClient" });
  }

  #settings: Settings;
  #baseUrl: string;
  #profile: WholeProfile;
  #readSigning: (reply: Reply, id?: string) => Signing;
  /** Was a request ever read? Then the address is right. */
  #isKnown = false;
  /** By id: when it was read, in milliseconds since 1970, and the promise of it. */
  #products = new Map<string, { at: number; product: Promise<StoredProduct> }>();

  /**
   * Reads its options; nothing is sent yet.
   *
   * @throws {OcisignError} `bad-url`, `bad-token`, `bad-profile`, `bad-input`.
   */
  constructor(options: ClientOptions) {
    const known = ["baseUrl", "token", "profile", "fetch", "timeoutMs", "retry"] as const;
    const given = checkOptions(options, known);
    const { baseUrl, token, profile, retry: tries = {} } = given;
    const retry = checkOptions(tries, ["attempts", "baseMs", "maxMs"], "retry");
    if (typeof baseUrl !== "string")
      throw fail("bad-input", "baseUrl is not a string.", "Pass the service's URL.");
    serviceUrl(baseUrl, "", "");
    this.#baseUrl = baseUrl;
    // The module reads it field by field, whatever it is.
    this.#profile = wholeProfile(profile as Profile | undefined);
    const read = signingReader(this.#profile);
    this.#readSigning = (reply, id) => {
      const signing = read(reply, id);
      this.#isKnown = true;
      return signing;
    };
    this.#settings = {
      token: new Tokens(token),
      fetch: optionalFunction<Fetch>(given, "fetch"),
      timeoutMs: positive(given, "timeoutMs") ?? 30_000,
      retry: {
        attempts: count(retry, "attempts"),
        baseMs: positive(retry, "baseMs"),
        maxMs: positive(retry, "maxMs"),
      },
    };
  }

  /** The profile that it works by, with its defaults. */
  get profile(): WholeProfile {
    return structuredClone(this.#profile);
  }

  /**
   * All products that the service shows.
   *
   * @example
   * ```js
   * for (const { id, name } of await client.products()) console.log(id, name);
   * ```
   */
  async products(options?: CallOptions): Promise<StoredProduct[]> {
    const reply = await this.#get("Reading the products", "products", "", options);
    return readList(reply, (element) => readProduct(element));
  }

  /**
   * One product.
   *
   * @throws {OcisignError} `not-found`.
   * @example
   * ```js
   * const { name, productOperations } = await client.product(product.id);
   * console.log(name, productOperations?.length);
   * ```
   */
  async product(id: ProductId, options?: CallOptions): Promise<StoredProduct> {
    checkId(id);
    return this.#fetchProduct(id, options);
  }

  /**
   * Creates a product.
   *
   * @param definition what {@link buildProduct} made.
   * @throws {OcisignError} `forbidden`, `bad-request`.
   * @example
   * ```js
   * import { buildProduct } from "ocisign";
   *
   * const definition = buildProduct({
   *   name: "OCI SIGN",
   *   registry: "registry.example",
   *   allowedGroups: ["b716abb1-2e3b-47a9-bca5-a3669faa50a6"],
   * });
   * const { id } = await client.createProduct(definition);
   * console.log(id);
   * ```
   */
  async createProduct(definition: ProductDefinition, options?: CallOptions): Promise<StoredProduct> {
    return readProduct(await this.#post("Creating the product", "createProduct", "", definition, options));
  }

  /**
   * Asks for a signature. Reads the product first (kept for a minute) when only its id is given, and checks domain,
   * `enabled` and operation, so that a wrong request never leaves this process.
   *
   * @throws {OcisignError} as {@link buildSigningRequest}; `bad-reply` when the service accepted another image.
   * @example
   * ```js
   * const request = await client.requestSigning({
   *   productId: product.id,
   *   artifact: image,
   *   description: "Release 1.2",
   *   metadata: [{ name: "Version", value: "v1.2" }],
   * });
   * console.log(request.id, request.state);
   * ```
   */
  async requestSigning(input: SigningRequestInput, options?: CallOptions): Promise<Signing> {
    const checked = checkCall(options);
    const doing = "Requesting the signature";
    const body = await this.#signingRequest(plainCopy(input, doing), checked.signal);
    const reply = await this.#post(doing, "requestSigning", "", body, checked);
    const signing = this.#readSigning(reply);
    const echoed = artifactOf(signing);
    // A service may spell the base64 in its own way, or not repeat it.
    if (echoed.state === "none" || echoed.text === artifactIn(body)) return signing;
    const message = `The service accepted another image than was requested, as ${quote(signing.id)}.`;
    const fix = "Reject that request, and report it to the service's operators.";
    throw new OcisignError("bad-reply", message, fix, undefined, undefined, reply.taken);
  }

  /**
   * The signing requests that the service shows.
   *
   * @example
   * ```js
   * const waiting = (await client.signings()).filter(({ state }) => state === "waiting");
   * console.log(waiting.length);
   * ```
   */
  async signings(filter?: SigningFilter, options?: CallOptions): Promise<Signing[]> {
    const doing = "Reading the signing requests";
    const reply = await this.#get(doing, "signings", "", options, queryOf(filter));
    return readList(reply, (element) => this.#readSigning(element));
  }

  /**
   * One signing request.
   *
   * @throws {OcisignError} `not-found`.
   * @example
   * ```js
   * const { state, status } = await client.signing(request.id);
   * console.log(state, status);
   * ```
   */
  async signing(id: SigningId, options?: CallOptions): Promise<Signing> {
    checkId(id);
    return this.#fetchSigning(id, options);
  }

  /**
   * Approves. With `expect`, the request as it was shown, the client reads the request again first. It approves only
   * when the request is still the same in every part but {@link liveParts}. With `expectProduct`, it reads the product
   * again, too: name, registries, operation and key must be the same ({@link productChanges}).
   *
   * @throws {OcisignError} `changed`, naming the fields; `forbidden`; `conflict` when it is decided already.
   * @example
   * ```js
   * const shown = await client.signing(request.id);
   * const itsProduct = await client.product(shown.productId ?? "");
   * // What the approver looks at:
   * console.log(shown.name, shown.description, shown.payload, itsProduct.name);
   * await client.approve(shown.id, { expect: shown, expectProduct: itsProduct, comment: "as announced" });
   * ```
   */
  async approve(id: SigningId, options: ApproveOptions = {}): Promise<Signing> {
    checkId(id);
    const { comment, signal, ...shown } = checkCall(options, ["comment", "expect", "expectProduct"]);
    checkComment(comment);
    const bound = await this.#stillAsShown(id, shown, "Nothing was approved.", signal);
    return this.#decide("Approving", "approve", id, { comment, expect: bound }, signal);
  }

  /**
   * Rejects. The comment is required: the requester has to know why. With `expect`, a rejection is bound to the request
   * as it was shown, as in {@link SigningClient.approve}.
   *
   * @throws {OcisignError} `changed`, naming the fields; `forbidden`; `conflict` when it is decided already;
   *   `bad-input` without a comment.
   * @example
   * ```js
   * const shown = await client.signing(request.id);
   * const { reason } = await client.reject(shown.id, { expect: shown, comment: "not this build" });
   * console.log(reason);
   * ```
   */
  async reject(id: SigningId, options: RejectOptions): Promise<Signing> {
    checkId(id);
    const { comment, expect, signal } = checkCall(options, ["comment", "expect"]);
    if (!checkComment(comment)?.trim()) {
      const fix = "Say why in `comment`: the requester has to know.";
      throw fail("bad-input", "A rejection needs a comment.", fix);
    }
    const bound = await this.#stillAsShown(id, { expect }, "Nothing was rejected.", signal);
    return this.#decide("Rejecting", "reject", id, { comment, expect: bound }, signal);
  }

  /**
   * Waits until the request is final, and returns it: `signed`, `rejected` or `failed`. Look at `state`. Only codes
   * that `profile.statuses` explains are final; without it, only 16.
   *
   * A look that fails says nothing about the request. The wait goes on through outages, and tells `onOutage`: no
   * answer, 5xx, 408, 429 (after the time that `Retry-After` names), a reply of something else than the service. At an
   * address where nothing was read yet, four replies of something else, or refused certificates, end it.
   *
   * @throws {OcisignError} `timeout` when it is not final in time, with the last known status and why the last look
   *   failed; the request goes on, wait again with its id. `unauthorized`, `forbidden`, `not-found` and other refusals.
   * @example
   * ```js
   * const request = await client.requestSigning({ product, artifact: image });
   * const end = await client.waitForSignature(request.id, {
   *   timeoutMs: 10 * 60_000,
   *   onStatus: ({ state }) => console.log(state),
   * });
   * if (end.state !== "signed") throw new Error(end.reason ?? end.state);
   * ```
   */
  async waitForSignature(id: SigningId, options: WaitOptions = {}): Promise<FinalSigning> {
    checkId(id);
    const given = checkCall(options, ["timeoutMs", "onStatus", "onOutage", "intervalMs", "maxIntervalMs"]);
    return waitForEnd(id, given, this.#isKnown, (signal) =>
      // The wait looks again by itself, and tells of every look that fails.
      this.#fetchSigning(id, { signal }, { attempts: 1 }),
    );
  }

  /** The body of a request. A product that is named by its id is read first, and checked. */
  async #signingRequest(input: unknown, signal: AbortSignal | undefined): Promise<SigningRequestBody> {
    if (!isRecord(input) || input.product || typeof input.productId !== "string") return build(input);
    // Check the input before the first request, including the GET of the product. The operation can be checked only
    // once the product is known.
    build({ ...input, operationId: input.operationId ?? "any" });
    checkId(input.productId);
    return build({ ...input, product: await this.#cachedProduct(input.productId, signal) });
  }

  /**
   * A product that was read within the last minute, or is being read: ten thousand requests in a row read it once.
   * The caller who asked first reads it for all; if that caller aborts, another one reads it again.
   */
  async #cachedProduct(id: string, signal: AbortSignal | undefined): Promise<StoredProduct> {
    for (;;) {
      const known = this.#products.get(id);
      const kept = known && Date.now() - known.at < productAge ? known.product : undefined;
      try {
        return await stoppable(signal, () => kept ?? this.#sharedProduct(id, signal));
      } catch (error) {
        const isAnothers = error instanceof OcisignError && error.code === "aborted" && !signal?.aborted;
        if (!kept || !isAnothers) throw error;
      }
    }
  }

  /** The promise of a product that others may wait for, too. */
  #sharedProduct(id: string, signal: AbortSignal | undefined): Promise<StoredProduct> {
    const product = this.#fetchProduct(id, { signal });
    product.catch(() => this.#products.delete(id));
    this.#products.set(id, { at: Date.now(), product });
    return product;
  }

  async #fetchProduct(id: string, options?: CallOptions): Promise<StoredProduct> {
    return readProduct(await this.#get("Reading the product", "product", id, options), id);
  }

  async #fetchSigning(id: string, options?: CallOptions, retry?: Retry): Promise<Signing> {
    return this.#readSigning(
      await this.#get("Reading the signing request", "signing", id, options, "", retry),
      id,
    );
  }

  /**
   * Looks once more, if a decision is bound to what was shown. What changed or closed meanwhile is not decided about.
   * The service compares the request again; only the client can compare the product.
   */
  async #stillAsShown(
    id: string,
    { expect, expectProduct }: { readonly expect?: unknown; readonly expectProduct?: unknown },
    notDone: string,
    signal: AbortSignal | undefined,
  ) {
    if (expect === undefined) {
      if (expectProduct === undefined) return undefined;
      throw fail(
        "bad-input",
        "expectProduct is given without expect.",
        "Pass the request as it was shown, too.",
      );
    }
    const seen = shownRequest(id, plainCopy(expect, "Comparing the request"));
    const product =
      expectProduct === undefined
        ? undefined
        : shownProduct(seen, plainCopy(expectProduct, "Comparing the product"));
    const [now, productNow] = await Promise.all([
      this.#fetchSigning(id, { signal }),
      product && this.#fetchProduct(product.id, { signal }),
    ]);
    checkUnchanged(seen, now, notDone);
    if (product && productNow) checkSameProduct(product, productNow, seen, this.#profile, notDone);
    if (!now.final) return boundPartsOf(seen);
    const message = `The request is closed: ${now.state}. ${notDone}`;
    throw fail("conflict", message, "Read it again to see what was decided.");
  }

  async #decide(
    doing: string,
    route: "approve" | "reject",
    id: string,
    body: { readonly comment: unknown; readonly expect: Fields | undefined },
    signal: AbortSignal | undefined,
  ): Promise<Signing> {
    return this.#readSigning(await this.#post(doing, route, id, body, { signal }), id);
  }

  async #get(doing: string, route: RouteName, id: string, options: unknown, search = "", retry?: Retry) {
    const { signal } = checkCall(options);
    const url = serviceUrl(this.#baseUrl, this.#profile.routes[route], id) + search;
    return call(this.#settings, { doing, url, signal, retry });
  }

  async #post(doing: string, route: RouteName, id: string, value: unknown, options: unknown) {
    const { signal } = checkCall(options);
    const url = serviceUrl(this.#baseUrl, this.#profile.routes[route], id);
    return call(this.#settings, { doing, url, body: toJson(value, doing), signal });
  }
}

/** The module checks its input by itself, field by field. */
function build(input: unknown): SigningRequestBody {
  return buildSigningRequest(input as Parameters<typeof buildSigningRequest>[0]);
}

function artifactIn({ payload }: SigningRequestBody): string {
  return decodeArtifactUri(payload.optionalParameters[0].artifactURI);
}

function checkCall<Name extends string = never>(options: unknown = {}, known: readonly Name[] = []) {
  const given: Given<Name | "signal"> = checkOptions(options, [...known, "signal"]);
  return { ...given, signal: optionalSignal(given, "signal") };
}

function checkId(id: unknown): void {
  if (typeof id !== "string")
    throw fail("bad-input", "id is not a string.", "Pass the id from the service's reply.");
  // "." and ".." would climb up the path, however they are encoded.
  if (id !== "" && id !== "." && id !== "..") return;
  throw fail("bad-input", "The id is empty, or a dot.", "Pass the id from the service's reply.");
}

function checkComment(comment: unknown): string | undefined {
  if (comment === undefined || typeof comment === "string") return comment;
  throw fail("bad-input", "comment is not a string.", "Pass a text, or leave it out.");
}
