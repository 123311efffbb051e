// The client of a signing service.
import type { SignOutcome } from "../bulk/outcome.ts";
import type { Artifacts, SignAllOptions } from "../bulk/sign/sign-options.ts";
import { buildSigningRequest, quote, serviceUrl } from "../core.ts";
import { fail, OcisignError } from "../error.ts";
import { type Fields, isA, isRecord } from "../foreign.ts";
import type { Fetch } from "../http/fetch.ts";
import { decodeArtifactUri } from "../image/artifact-uri.ts";
import { checkOptions, count, type Given, optionalFunction, optionalSignal, positive } from "../options.ts";
import { artifactOf } from "./artifact.ts";
import { call, type Settings, stoppable, type Task } from "./call.ts";
import type {
  ApproveOptions,
  CallOptions,
  ClientOptions,
  RejectOptions,
  SigningFilter,
  WaitOptions,
  WithdrawOptions,
} from "./client-options.ts";
import type { Retry } from "./exchange.ts";
import type { ProductId, SigningId } from "./ids.ts";
import { plainCopy, toJson } from "./json.ts";
import type { Listed } from "./listed.ts";
import type { ProductDefinition, StoredProduct } from "./product.ts";
import type {
  DecidingRouteName,
  Profile,
  ReadingRoute,
  RouteName,
  WholeProfile,
  WholeRoute,
} from "./profile.ts";
import { type Reply, readList, readProduct, signingReader } from "./reply.ts";
import type { SigningRequestBody, SigningRequestInput } from "./request.ts";
import { type ListName, type Shape, shapes } from "./shaped.ts";
import type { FinalSigning, RequestedSigning, Signing } from "./signing.ts";
import { Tokens } from "./token-source.ts";
import { waits } from "./waits.ts";
import { isShaped, wholeProfile } from "./whole-profile.ts";

/** How long a product that was read is believed, in milliseconds. */
const productAge = 60_000;
const requesting = "Requesting the signature";

/**
 * The client of a signing service. All methods return promises, and reject with {@link OcisignError}: beside the
 * codes that each names, `bad-token`; `unauthorized`, `forbidden`, `not-found`, `bad-request`, `rate-limited`,
 * `redirected`, `server-error` by the service's HTTP status; `not-json`, `bad-reply`, `bad-status` for a reply that
 * is none; `network`, `timeout`, `aborted`.
 *
 * A call that only reads is repeated after a passing fault. One that acts is repeated only after a 401 with
 * a new token, or after a 429; never when it is in doubt whether the service took it. Only {@link SigningClient.signAll}
 * settles such a doubt, by a search for the request's own key, and then sends again what is not there.
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
    waits.givenOf = (client) => client.#given;
    waits.decide = (client, ...decision) => client.#decide(...decision);
    shapes.of = (client, signal) => client.#shaped(signal);
    shapes.post = (client, body, signal) => client.#request(body, signal);
  }

  /** What it was made from. */
  #given: ClientOptions;
  #settings: Settings;
  #baseUrl: string;
  #profile: WholeProfile;
  #isShaped: boolean;
  /** What applies all of the profile, once it is loaded. */
  #shape: Shape | undefined;
  #readSigning: (reply: Reply, id?: string) => Signing;
  /** Was a request ever read? Then the address is right. */
  #isKnown = false;
  /** By id: when it was asked for, by `performance.now()`, the promise of it, and what it came to. */
  #products = new Map<string, { at: number; product: Promise<StoredProduct>; read?: StoredProduct }>();
  #urls: { [Name in RouteName]?: string } = {};

  /**
   * Reads its options; nothing is sent yet. In a browser, codes and key types of a profile are checked here. The first
   * call checks all else, and rejects with `bad-profile` before anything is sent.
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
    this.#isShaped = isShaped(this.#profile);
    const read = signingReader(this.#profile);
    this.#readSigning = (reply, id) => {
      const signing = read(reply, id);
      this.#isKnown = true;
      return signing;
    };
    this.#settings = {
      token: isA(token, Tokens) ? token : new Tokens(token),
      fetch: optionalFunction<Fetch>(given, "fetch"),
      timeoutMs: positive(given, "timeoutMs") ?? 30_000,
      retry: {
        attempts: count(retry, "attempts"),
        baseMs: positive(retry, "baseMs"),
        maxMs: positive(retry, "maxMs"),
      },
    };
    // The same, but what the caller may go on to change. Nobody is asked for a token once more.
    this.#given = {
      ...(given as ClientOptions),
      profile: this.#profile,
      token: this.#settings.token as never,
    };
    this.#shape = shapes.make?.(this.#profile, baseUrl, this.#settings);
  }

  /** The profile that it works by, with its defaults. */
  get profile(): WholeProfile {
    return structuredClone(this.#profile);
  }

  /**
   * All products that the service shows, from all pages. Those that cannot be read stand in the list's `unreadable`.
   *
   * @throws {OcisignError} `bad-reply` when the list has no end.
   * @example
   * ```js
   * for (const { id, name } of await client.products()) console.log(id, name);
   * ```
   */
  async products(options?: CallOptions): Promise<Listed<StoredProduct>> {
    return readList(await this.#list("Reading the products", "products", options), (one) => readProduct(one));
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
    return readProduct(await this.#act("Creating the product", "createProduct", "", definition, options));
  }

  /**
   * Asks for a signature. Reads the product first (kept for a minute) when only its id is given, and checks domain,
   * `enabled`, `state` and operation, so that a wrong request never leaves this process.
   *
   * Reading products is a right of its own. With `operationId`, a 403 of the product does not stop the request: it goes
   * out, and only the service checks it. The result then has the 403 as `unchecked`.
   *
   * @throws {OcisignError} as {@link buildSigningRequest}; `forbidden` when the product may not be read and there is no
   *   `operationId`; `bad-reply` when the service accepted another image.
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
  async requestSigning(input: SigningRequestInput, options?: CallOptions): Promise<RequestedSigning> {
    const { signal } = checkCall(options);
    const [body, unchecked] = await this.#signingRequest(plainCopy(input, requesting), signal);
    const signing = await this.#request(body, signal);
    // No part of the reply: a comparison of two readings, or a copy, does not see it.
    if (unchecked) Object.defineProperty(signing, "unchecked", { value: unchecked });
    return signing;
  }

  async #request(body: SigningRequestBody, signal: AbortSignal | undefined): Promise<RequestedSigning> {
    const task = { doing: requesting, signal, method: "POST", body: JSON.stringify(body) } as const;
    const reply = await this.#send("requestSigning", "", task);
    const signing = this.#readSigning(reply);
    const parameters = signing.payload?.optionalParameters;
    const { artifactURI } = body.payload.optionalParameters[0];
    // Mostly the very same text comes back.
    if (parameters?.length === 1 && parameters[0]?.artifactURI === artifactURI) return signing;
    const echoed = artifactOf(signing);
    // A service may spell the base64 in its own way, or not repeat it.
    if (echoed.state === "none" || echoed.text === decodeArtifactUri(artifactURI)) return signing;
    const message = `The service accepted another image than was requested, as ${quote(signing.id)}.`;
    const fix = "Reject that request, and report it to the service's operators.";
    throw new OcisignError("bad-reply", message, fix, undefined, undefined, reply.taken);
  }

  /**
   * Asks for the signatures of many images, a few at a time, and tells what comes of each, in the order in which they
   * end. No image is requested twice, also when the outcome of a POST is unknown or a run is killed. docs/bulk.md tells
   * the rules, and how many calls an image costs. All arguments are copied; nothing is sent before the first step.
   *
   * @param artifacts an array, something that can be walked along, or a function that returns one.
   * @throws {OcisignError} at a step: `bad-list` when something in the list is wrong and `keepGoing` is not set;
   *   `bad-journal` for the journal of another run; `in-doubt` when nothing tells what was requested before
   *   with the same `batch`; `bad-input` and the codes of {@link buildSigningRequest}; `forbidden`, `unauthorized`,
   *   `bad-token`; `aborted`; and of an outage that outlasts `patienceMs`, its code.
   * @example
   * ```js
   * const outcomes = client.signAll([image], { product, description: "Release 1.2", skip: ["pending"] });
   * for await (const outcome of outcomes) {
   *   if (outcome.state === "waiting") console.log(outcome.reference, outcome.signing.id);
   *   if (outcome.state === "failed") console.log(outcome.reference, outcome.error?.message ?? outcome.signing?.reason);
   * }
   * ```
   */
  signAll(artifacts: Artifacts, options: SignAllOptions): AsyncGenerator<SignOutcome, void, undefined> {
    // What the caller may go on to change.
    const list = Array.isArray(artifacts) ? artifacts.slice() : artifacts;
    return waits.signAll(this.#given, list, { ...options });
  }

  /**
   * The signing requests that the service shows: from all pages, or with `limit` or `offset` of one page. Those that
   * cannot be read stand in the list's `unreadable`.
   *
   * @throws {OcisignError} `bad-reply` when the list has no end.
   * @example
   * ```js
   * const waiting = (await client.signings()).filter(({ state }) => state === "waiting");
   * console.log(waiting.length);
   * ```
   */
  async signings(filter?: SigningFilter, options?: CallOptions): Promise<Listed<Signing>> {
    const doing = "Reading the signing requests";
    const reply = await this.#list(doing, "signings", options, filter);
    return readList(reply, (one) => this.#readSigning(one));
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
   * @throws {OcisignError} `changed`, naming the fields; `forbidden`; `conflict` when it is decided already; `bad-reply`
   *   with `expect`, where the service's reply has a field twice, or a number that JavaScript cannot keep.
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
    const bound = await this.#lookAgain("approve", id, shown, signal);
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
    const bound = await this.#lookAgain("reject", id, { expect }, signal);
    return this.#decide("Rejecting", "reject", id, { comment, expect: bound }, signal);
  }

  /**
   * Takes one's own request back, where the profile has a route for it. With `expect`, that is bound to the request as
   * it was shown, as in {@link SigningClient.approve}.
   *
   * @throws {OcisignError} `bad-input` when the profile has no such route: an approver can reject the request.
   *   `changed`, naming the fields; `forbidden` for the request of another person; `conflict` when it is decided already.
   * @example
   * ```js
   * const mine = await client.requestSigning({ product, artifact: image });
   * const mayBeWithdrawn = client.profile.routes.withdraw !== undefined && mine.state === "waiting";
   * if (mayBeWithdrawn) await client.withdraw(mine.id, { comment: "wrong image" });
   * ```
   */
  async withdraw(id: SigningId, options: WithdrawOptions = {}): Promise<Signing> {
    checkId(id);
    const { comment, expect, signal } = checkCall(options, ["comment", "expect"]);
    checkComment(comment);
    if (!this.#profile.routes.withdraw)
      throw fail("bad-input", "The profile has no route to withdraw.", "Ask an approver to reject it.");
    const bound = await this.#lookAgain("withdraw", id, { expect }, signal);
    return this.#decide("Withdrawing", "withdraw", id, { comment, expect: bound }, signal);
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
    const { waitForEnd } = waits.part ?? (await stoppable(given.signal, waits.load));
    return waitForEnd(id, given, this.#isKnown, (signal) =>
      // The wait looks again by itself, and tells of every look that fails.
      this.#fetchSigning(id, { signal }, { attempts: 1 }),
    );
  }

  /**
   * The body of a request. A product that is named by its id is read first, and checked; with it comes why it was not,
   * where a person may not read products.
   */
  async #signingRequest(
    input: unknown,
    signal: AbortSignal | undefined,
  ): Promise<[SigningRequestBody, unchecked?: unknown]> {
    if (!isRecord(input) || input.product || typeof input.productId !== "string") return [build(input)];
    const product = !signal?.aborted && this.#keptProduct(input.productId)?.read;
    let mistake: unknown;
    try {
      if (product) return [build({ ...input, product })];
    } catch (error) {
      mistake = error;
    }
    // Check the input before the first request, including the GET of the product. The operation can be checked only
    // once the product is known.
    build({ ...input, operationId: input.operationId ?? "any" });
    checkId(input.productId);
    try {
      if (mistake) throw mistake;
      return [build({ ...input, product: await this.#cachedProduct(input.productId, signal) })];
    } catch (error) {
      if (!(error instanceof OcisignError) || error.code !== "forbidden") throw error;
      if (input.operationId) return [build(input), error];
      throw fail("forbidden", error.message, "Pass operationId: then the product need not be read.", error);
    }
  }

  /**
   * A product that was read within the last minute, or is being read: ten thousand requests in a row read it once.
   * The caller who asked first reads it for all; if that caller aborts, another one reads it again.
   */
  async #cachedProduct(id: string, signal: AbortSignal | undefined): Promise<StoredProduct> {
    for (;;) {
      const kept = this.#keptProduct(id)?.product;
      try {
        return await stoppable(signal, () => kept ?? this.#sharedProduct(id, signal));
      } catch (error) {
        const isAnothers = error instanceof OcisignError && error.code === "aborted" && !signal?.aborted;
        if (!kept || !isAnothers) throw error;
      }
    }
  }

  #keptProduct(id: string) {
    const known = this.#products.get(id);
    return known && performance.now() - known.at < productAge ? known : undefined;
  }

  /** The promise of a product that others may wait for, too. */
  #sharedProduct(id: string, signal: AbortSignal | undefined): Promise<StoredProduct> {
    const product = this.#fetchProduct(id, { signal });
    const shared = { at: performance.now(), product };
    product.then(
      (read) => Object.assign(shared, { read }),
      () => this.#products.delete(id),
    );
    this.#products.set(id, shared);
    return product;
  }

  async #fetchProduct(id: string, options?: CallOptions): Promise<StoredProduct> {
    return readProduct(await this.#call("Reading the product", "product", id, options), id);
  }

  async #fetchSigning(id: string, options?: CallOptions, retry?: Retry): Promise<Signing> {
    const reply = await this.#call("Reading the signing request", "signing", id, options, { retry });
    return this.#readSigning(reply, id);
  }

  /** Looks once more, if a decision is bound to what was shown. @returns what it is bound to */
  async #lookAgain(
    route: DecidingRouteName,
    id: string,
    { expect, expectProduct }: { readonly expect?: unknown; readonly expectProduct?: unknown },
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
    // Before anything is awaited: the caller may go on to change it.
    const shown = plainCopy(expect, "Comparing the request");
    const product =
      expectProduct === undefined ? undefined : plainCopy(expectProduct, "Comparing the product");
    const { lookAgain } = waits.part ?? (await stoppable(signal, waits.load));
    return lookAgain(this, route, id, shown, product, signal);
  }

  async #decide(
    doing: string,
    route: DecidingRouteName,
    id: string,
    body: { readonly comment: unknown; readonly expect: Fields | undefined },
    signal: AbortSignal | undefined,
  ): Promise<Signing> {
    return this.#readSigning(await this.#act(doing, route, id, body, { signal }), id);
  }

  async #act(doing: string, route: RouteName, id: string, value: unknown, options: unknown) {
    // Before anything is awaited: the caller may go on to change it.
    return this.#call(doing, route, id, options, { method: "POST", body: toJson(value, doing) });
  }

  /** One call in the service's words, with a reply in ours. */
  async #call(doing: string, route: RouteName, id: string, options: unknown, more?: Partial<Task>) {
    return this.#send(route, id, { ...more, doing, signal: checkCall(options).signal });
  }

  async #send(route: RouteName, id: string, asked: Omit<Task, "url">): Promise<Reply> {
    const task = { ...asked, url: this.#url(route, id) };
    return this.#isShaped
      ? (await this.#shaped(asked.signal)).call(route, id, task)
      : call(this.#settings, task);
  }

  /** A list in our words: all of it, or the page that the query names. */
  async #list(doing: string, name: ListName, options: unknown, filter?: unknown): Promise<Reply> {
    const { signal } = checkCall(options);
    const search = filter === undefined ? "" : await stoppable(signal, () => shapes.queryOf(filter));
    const task = { doing, url: this.#url(name), signal };
    const all = { ...task, url: task.url + search };
    const first = this.#isShaped ? undefined : await call(this.#settings, all);
    // A service that cut its list says where it goes on.
    if (first && !first.link) return first;
    return (await this.#shaped(signal)).list(name, task, search, first);
  }

  #url(route: RouteName, id = ""): string {
    // A withdrawal comes here only where there is a route for it.
    const way = this.#profile.routes[route] as string | WholeRoute<ReadingRoute>;
    const make = () => serviceUrl(this.#baseUrl, typeof way === "string" ? way : way.path, id);
    if (id) return make();
    this.#urls[route] ??= make();
    return this.#urls[route];
  }

  /** What applies all of the profile. */
  async #shaped(signal: AbortSignal | undefined): Promise<Shape> {
    const make = shapes.make ?? (await stoppable(signal, shapes.load));
    this.#shape ??= make(this.#profile, this.#baseUrl, this.#settings);
    return this.#shape;
  }
}

/** The module checks its input by itself, field by field. */
function build(input: unknown): SigningRequestBody {
  return buildSigningRequest(input as Parameters<typeof buildSigningRequest>[0]);
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
