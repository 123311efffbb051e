// `SigningClient`. What each method does and throws stands in pkg/index.d.ts.
import { pause } from "./deadline.js";
import { checkOptions, checkSignalOption, count, optionalFunction, positive } from "./options.js";
import { replies, sameId } from "./reply.js";
import { calls } from "./service.js";
import { tokenSources } from "./token-source.js";

/** The parts of a request that an approval binds. */
const bound = ["name", "idProductOperation", "description", "payload", "productId"];

/** How long a product that was read is believed, in milliseconds. */
const productAge = 60_000;

/** @param {any} core */
export function clients(core) {
  const { buildSigningRequest, decodeArtifactUri, readProfile, serviceUrl, Waits, quote, fail } = core;
  const TokenSource = tokenSources(core);
  const { call, stoppable, checkSignal } = calls(core);
  const read = replies(core);

  class SigningClient {
    /** @type {import("./service.js").Settings} */
    #settings;
    /** @type {string} */
    #baseUrl;
    /** @type {any} */
    #profile;
    /** Reads a signing request. @type {(reply: any, doing: string, id?: string) => any} */
    #signing;
    /** By id: when it was read, in milliseconds since 1970, and the promise of it. @type {Map<string, { at: number, product: Promise<any> }>} */
    #products = new Map();

    /** @param {any} options */
    constructor(options) {
      const known = ["baseUrl", "token", "profile", "fetch", "timeoutMs", "retry"];
      const given = checkOptions(options, known, fail);
      const { baseUrl, token, profile, retry: tries = {} } = given;
      const retry = checkOptions(tries, ["attempts", "baseMs", "maxMs"], fail, "retry");
      if (typeof baseUrl !== "string")
        throw fail("bad-input", "baseUrl is not a string.", "Pass the service's URL.");
      serviceUrl(baseUrl, "", "");
      this.#baseUrl = baseUrl;
      this.#profile = readProfile(profile);
      this.#signing = read.signings(this.#profile);
      this.#settings = {
        token: new TokenSource(token),
        fetch: optionalFunction(given, "fetch", fail),
        timeoutMs: positive(given, "timeoutMs", fail) ?? 30_000,
        retry: {
          attempts: count(retry, "attempts", fail),
          baseMs: positive(retry, "baseMs", fail),
          maxMs: positive(retry, "maxMs", fail),
        },
      };
    }

    get profile() {
      return structuredClone(this.#profile);
    }

    /** @param {any} options */
    async products(options) {
      const doing = "Reading the products";
      return read.list(await this.#get(doing, "products", "", options), doing, read.identified);
    }

    /** @param {any} id @param {any} options */
    async product(id, options) {
      checkId(id);
      return this.#readProduct(id, options);
    }

    /** @param {any} definition @param {any} options */
    async createProduct(definition, options) {
      const doing = "Creating the product";
      return read.identified(await this.#post(doing, "createProduct", "", definition, options), doing);
    }

    /** @param {any} input @param {any} options */
    async requestSigning(input, options) {
      const checked = checkCall(options);
      const doing = "Requesting the signature";
      // A copy: while a product is read, the caller may go on to change what was passed.
      const body = await this.#signingRequest(JSON.parse(toJson(input, doing)), checked.signal);
      const signing = this.#signing(await this.#post(doing, "requestSigning", "", body, checked), doing);
      const [wanted, echoed] = [artifactOf(body), artifactOf(signing)];
      // A service may spell the base64 in its own way.
      if (echoed === undefined || sameArtifact(wanted, echoed)) return signing;
      throw fail(
        "bad-reply",
        `The service took another image than was requested, as ${quote(signing.id)}.`,
        "Reject the request with that id, and report it to those who run the service.",
      );
    }

    /** @param {any} filter @param {any} options */
    async signings(filter, options) {
      const doing = "Reading the signing requests";
      const reply = await this.#get(doing, "signings", "", options, query(filter));
      return read.list(reply, doing, (element, place) => this.#signing(element, place));
    }

    /** @param {any} id @param {any} options */
    async signing(id, options) {
      checkId(id);
      return this.#readSigning(id, options);
    }

    /** @param {any} id @param {any} options */
    async approve(id, options = {}) {
      checkId(id);
      const { comment, expect: shown, signal } = checkCall(options, ["comment", "expect"]);
      checkComment(comment);
      const expect = shown === undefined ? undefined : boundParts(id, shown);
      if (expect) checkUnchanged(expect, await this.#readSigning(id, { signal }));
      return this.#decide("Approving", "approve", id, { comment, expect }, signal);
    }

    /** @param {any} id @param {any} options */
    async reject(id, options = {}) {
      checkId(id);
      const { comment, signal } = checkCall(options, ["comment"]);
      checkComment(comment);
      if (!comment?.trim()) {
        const fix = "Say why in `comment`: the requester has to know.";
        throw fail("bad-input", "A rejection needs a comment.", fix);
      }
      return this.#decide("Rejecting", "reject", id, { comment }, signal);
    }

    /** @param {any} id @param {any} options */
    async waitForSignature(id, options = {}) {
      checkId(id);
      const given = checkCall(options, ["timeoutMs", "onStatus", "intervalMs", "maxIntervalMs"]);
      const limit = positive(given, "timeoutMs", fail);
      const onStatus = optionalFunction(given, "onStatus", fail);
      const waits = new Waits(
        positive(given, "intervalMs", fail) ?? 500,
        positive(given, "maxIntervalMs", fail) ?? 10_000,
      );
      const until = limit === undefined ? Infinity : Date.now() + limit;
      try {
        return await this.#wait(id, waits, until, onStatus, given.signal);
      } finally {
        waits.free();
      }
    }

    /** @param {string} id @param {any} waits @param {number} until @param {Function | undefined} onStatus @param {any} signal */
    async #wait(id, waits, until, onStatus, signal) {
      /** @type {number | undefined} */
      let seen;
      for (;;) {
        let signing;
        try {
          signing = await this.#readSigning(id, { signal }, until);
        } catch (error) {
          if (Date.now() < until || signal?.aborted) throw error;
          throw outOfTime(id, seen);
        }
        const changed = seen !== signing.code;
        seen = signing.code;
        if (changed) await onStatus?.(signing);
        if (signing.final) return signing;
        const left = until - Date.now();
        if (left <= 0) throw outOfTime(id, seen);
        await pause(Math.min(waits.next(changed, Math.random()), left), signal);
        checkSignal(signal);
      }
    }

    /** The body of a request. A product that is named by its id is read first, and checked. @param {any} input @param {any} signal */
    async #signingRequest(input, signal) {
      const { productId, product, operationId } = Object(input);
      if (product || typeof productId !== "string") return buildSigningRequest(input);
      // What is wrong is said before anything is sent, a read included. Only the operation has to wait for the product.
      buildSigningRequest({ ...input, operationId: operationId ?? "any" });
      checkId(productId);
      return buildSigningRequest({ ...input, product: await this.#cachedProduct(productId, signal) });
    }

    /**
     * A product that was read within the last minute, or is being read: ten thousand requests in a row read it once.
     * Whoever asked first reads it for all; if that caller aborts, another one reads it anew.
     *
     * @param {string} id @param {any} signal @returns {Promise<any>}
     */
    async #cachedProduct(id, signal) {
      for (;;) {
        const known = this.#products.get(id);
        const kept = known && Date.now() - known.at < productAge ? known.product : undefined;
        try {
          return await stoppable(signal, () => kept ?? this.#sharedProduct(id, signal));
        } catch (error) {
          if (!kept || signal?.aborted || /** @type {any} */ (error)?.code !== "aborted") throw error;
        }
      }
    }

    /** The promise of a product that others may wait for, too. @param {string} id @param {any} signal */
    #sharedProduct(id, signal) {
      const product = this.#readProduct(id, { signal });
      product.catch(() => this.#products.delete(id));
      this.#products.set(id, { at: Date.now(), product });
      return product;
    }

    /** @param {string} id @param {any} options */
    async #readProduct(id, options) {
      const doing = "Reading the product";
      return read.identified(await this.#get(doing, "product", id, options), doing, id);
    }

    /** @param {string} id @param {any} options @param {number} [until] */
    async #readSigning(id, options, until) {
      const doing = "Reading the signing request";
      return this.#signing(await this.#get(doing, "signing", id, options, "", until), doing, id);
    }

    /** @param {string} doing @param {string} route @param {string} id @param {any} body @param {any} signal */
    async #decide(doing, route, id, body, signal) {
      return this.#signing(await this.#post(doing, route, id, body, { signal }), doing, id);
    }

    /** @param {string} doing @param {string} route @param {string} id @param {any} options @param {string} [search] @param {number} [until] */
    async #get(doing, route, id, options, search = "", until = undefined) {
      const { signal } = checkCall(options);
      const url = serviceUrl(this.#baseUrl, this.#profile.routes[route], id) + search;
      return call(this.#settings, { doing, url, signal, until });
    }

    /** @param {string} doing @param {string} route @param {string} id @param {any} value @param {any} options */
    async #post(doing, route, id, value, options) {
      const { signal } = checkCall(options);
      const url = serviceUrl(this.#baseUrl, this.#profile.routes[route], id);
      return call(this.#settings, { doing, url, body: toJson(value, doing), signal });
    }
  }

  /** @param {any} options @param {string[]} [known] */
  function checkCall(options = {}, known = []) {
    const given = checkOptions(options, [...known, "signal"], fail);
    checkSignalOption(given.signal, fail);
    return given;
  }

  /** @param {unknown} id */
  function checkId(id) {
    if (typeof id !== "string")
      throw fail("bad-input", "id is not a string.", "Pass the id from the service's reply.");
    // "." and ".." would climb up the path, however they are encoded.
    if (id !== "" && id !== "." && id !== "..") return;
    throw fail("bad-input", "The id is empty, or a dot.", "Pass the id from the service's reply.");
  }

  /** @param {unknown} comment */
  function checkComment(comment) {
    if (comment === undefined || typeof comment === "string") return;
    throw fail("bad-input", "comment is not a string.", "Pass a text, or leave it out.");
  }

  /** `?a=1&b=2` from `{ a: 1, b: "2" }`; fields that are undefined are left out. @param {any} filter */
  function query(filter = {}) {
    // A map or a list has no fields, and would filter nothing.
    if (typeof filter !== "object" || filter === null || Symbol.iterator in filter) {
      throw fail("bad-input", "The filter is not an object.", "Pass an object, or leave it out.");
    }
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(filter)) {
      if (value === undefined) continue;
      if (typeof value !== "string" && !(Number.isSafeInteger(value) && value >= 0)) {
        const message = `The filter's ${key} is neither text nor a whole number.`;
        throw fail("bad-input", message, "Pass one of the two.");
      }
      search.set(key, String(value));
    }
    // Forms write a space so; not everybody reads a query as a form.
    const text = search.toString().replaceAll("+", "%20");
    return text && `?${text}`;
  }

  /** The parts of a request as it was shown that an approval binds. @param {string} id @param {any} shown */
  function boundParts(id, shown) {
    const fix = "Pass the signing request as it was read and shown.";
    if (typeof shown?.id !== "string" || !sameId(shown.id, id)) {
      throw fail("bad-input", "expect is not the request that is to be approved.", fix);
    }
    const parts = bound.filter((key) => shown[key] !== undefined).map((key) => [key, shown[key]]);
    const expected = Object.fromEntries(parts);
    if (expected.payload === undefined) {
      throw fail("bad-input", "expect has no payload: what would be signed was not shown.", fix);
    }
    return expected;
  }

  /** Compares what was shown with what the service holds now. @param {any} expected @param {any} now */
  function checkUnchanged(expected, now) {
    const changed = bound.filter((key) => !sameJson(expected[key], now[key]));
    if (changed.length === 0) return;
    throw fail(
      "changed",
      `The request changed since it was shown: ${changed.join(", ")}.`,
      "Nothing was approved. Read the request again, show it, and decide anew.",
    );
  }

  /** @param {string} id @param {number | undefined} status */
  function outOfTime(id, status) {
    const message =
      status === undefined
        ? `The status of the signing request ${quote(id)} was not to be had in time.`
        : `The signing request ${quote(id)} is not final in time; its status is ${status}.`;
    return fail("timeout", message, "Wait again with the same id; nothing is lost.");
  }

  /** @param {unknown} value @param {string} doing @returns {string} */
  function toJson(value, doing) {
    let text;
    try {
      text = JSON.stringify(value);
    } catch {
      // Explained below.
    }
    if (text !== undefined) return text;
    throw fail("bad-input", `${doing}: this has no JSON form.`, "Pass plain data.");
  }

  /** @param {string} a @param {any} b */
  function sameArtifact(a, b) {
    try {
      return decodeArtifactUri(a) === decodeArtifactUri(b);
    } catch {
      return false;
    }
  }

  return { SigningClient };
}

/** The first artifact URI of a request. @param {any} request */
function artifactOf(request) {
  return request?.payload?.optionalParameters?.[0]?.artifactURI;
}

/** Are two JSON values equal? The order of an object's keys does not count; everything else does. @param {any} a @param {any} b @returns {boolean} */
function sameJson(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}
