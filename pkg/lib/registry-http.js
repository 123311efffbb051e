// One call to a registry over HTTP: its time limit, its size limits, redirects, waits and second tries, and an
// error with a reason for whatever goes wrong. What a reply means is not decided here; see registry-replies.js.
import { follow } from "./deadline.js";
import { maySendTo } from "./registry-address.js";
import { readBody } from "./registry-body.js";

/**
 * @typedef {import("../index.js").ErrorCode} ErrorCode
 *
 * Makes the error that is thrown. It is passed in, so that this file works with the one class of its package
 * whichever way that was loaded, and before the WebAssembly module is there.
 *
 * @typedef {(code: ErrorCode, message: string, fix: string, cause?: unknown) => Error} Fail
 *
 * @typedef {import("./registry-body.js").Answer} Answer
 *
 * @typedef {(url: string, init: RequestInit) => PromiseLike<Answer>} Fetch
 *
 * A reply that was read to its end.
 *
 * @typedef {object} Reply
 * @property {number} status
 * @property {(name: string) => string | null} header
 * @property {Uint8Array<ArrayBuffer>} bytes of an error, only the first 64 KiB
 * @property {URL} url where it came from
 * @property {boolean} elsewhere whether that is another origin than the one that was asked
 *
 * @typedef {object} Request
 * @property {"GET" | "POST" | "PUT"} [method]
 * @property {Record<string, string>} [headers] without `Authorization`
 * @property {Uint8Array<ArrayBuffer>} [body]
 * @property {number} [limit] the most bytes that a success may have; default 64 KiB
 * @property {() => string | undefined} [authorization] the header's value, for the origin that is asked and no other
 * @property {boolean} [isOpen] whether anybody gets that authorization, so that it is no secret
 * @property {(reply: Reply, used: string | undefined) => Promise<boolean>} [challenged] called once, on a 401 from
 *   that origin: true when there is a new authorization to try
 * @property {boolean} [mayLeave] whether a redirect to another origin is followed; for content that is checked by
 *   its digest, and never with `Authorization`
 * @property {(location: string, from: URL) => URL} [locate] reads a `Location`
 */

const errorLimit = 64 * 1024;
const mostRedirects = 3;
const tries = 3;
const longestWaitMs = 10_000;
/** A longer timer would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** A call, from its first request to the last byte of its last reply, tokens and second tries included. */
export class Call {
  #options;
  #controller = new AbortController();
  #timedOut = false;
  /** @type {ReturnType<typeof setTimeout>} */
  #timer;
  #abort = () => this.#controller.abort();
  /** @type {() => void} */
  #unfollow;

  /**
   * @param {object} options
   * @param {string} options.doing the beginning of every message
   * @param {Fail} options.fail
   * @param {Fetch} [options.fetch]
   * @param {AbortSignal} [options.signal]
   * @param {number} options.timeoutMs for the whole call
   * @param {(text: string) => string} options.withoutSecrets
   */
  constructor(options) {
    this.#options = options;
    this.#unfollow = follow(options.signal, this.#abort);
    this.#timer = setTimeout(
      () => {
        this.#timedOut = true;
        this.#abort();
      },
      Math.min(options.timeoutMs, longestTimer),
    );
  }

  /** Stops the clock. */
  end() {
    clearTimeout(this.#timer);
    this.#unfollow();
  }

  /**
   * An error that says what was being done.
   *
   * @param {ErrorCode} code @param {string} what @param {string} fix @param {unknown} [cause]
   */
  error(code, what, fix, cause) {
    return this.#options.fail(code, `${this.#options.doing}: ${what}`, fix, cause);
  }

  /**
   * Asks, and follows, waits and asks again as far as the rules allow. The status of the reply is the caller's
   * to judge; it is never a redirect, and never a 429 or a failure that a second try may still turn.
   *
   * A GET is tried again after a passing failure of the server; what writes is not, for it may have been done.
   * A 429 (RFC 6585 §4) and a 401 mean that it was not, so that everything may be sent again after these.
   *
   * @param {URL} url @param {Request} [request] @returns {Promise<Reply>}
   */
  async request(url, request = {}) {
    const { method = "GET", authorization, challenged, locate = (to, from) => new URL(to, from) } = request;
    let at = url;
    let left = false;
    let [failures, redirects, waited, answered] = [0, 0, false, false];
    for (;;) {
      // Once it has left, a redirect back does not get the secret either: it would be another's choice of URL.
      left ||= at.origin !== url.origin;
      const secret = left ? undefined : authorization?.();
      const answer = await this.#send(at, request, secret, "manual");
      if (answer.type === "opaqueredirect") return this.#followBlindly(at, request);
      const reply = await this.#read(answer, at, left, request.limit);
      const { status } = reply;
      if ([301, 302, 303, 307, 308].includes(status)) {
        if (method !== "GET" && status < 307) throw this.#redirected("elsewhere after a write");
        if (++redirects > mostRedirects) throw this.#redirected(`more than ${mostRedirects} times`);
        at = this.#next(reply, url, request.mayLeave === true, locate);
      } else if (status === 401 && challenged && !answered && !left) {
        answered = true;
        if (!(await challenged(reply, secret))) return reply;
      } else if (status === 429 && !waited && retryAfter(reply) <= longestWaitMs) {
        waited = true;
        await this.#pause(retryAfter(reply));
      } else if (method === "GET" && [500, 502, 503, 504].includes(status) && ++failures < tries) {
        await this.#pause(100 * failures ** 2);
      } else {
        return reply;
      }
    }
  }

  /**
   * The URL that a redirect names, if it may be followed.
   *
   * @param {Reply} reply @param {URL} home @param {boolean} mayLeave @param {(to: string, from: URL) => URL} locate
   */
  #next(reply, home, mayLeave, locate) {
    const location = reply.header("location");
    let to;
    try {
      to = locate(location ?? "", reply.url);
    } catch {}
    if (!location || !to) throw this.#redirected("without saying where to");
    if (to.username || to.password) throw this.#redirected("to a URL with a user in it");
    if (to.origin === home.origin) return to;
    if (!mayLeave) throw this.#redirected(`to another host, ${to.origin}`);
    if (!maySendTo(to, home)) throw this.#redirected(`to ${to.origin}`);
    return to;
  }

  /**
   * A browser shows of a redirect only that there was one. For content that is checked by its digest, the browser
   * may follow it by itself, but without a secret: that `Authorization` must be dropped at the border to another
   * origin is in the Fetch standard only since 2022 (HTTP-redirect fetch), older browsers send it along, and a
   * page cannot find out which kind it runs in. A token that anybody gets without a password is no secret and goes
   * along, since Docker Hub and others want one even for what is public. A registry that redirects the readers of
   * a private repository is out of reach for a browser, and the error says so.
   *
   * @param {URL} url @param {Request} request
   */
  async #followBlindly(url, request) {
    if (!request.mayLeave) throw this.#redirected("elsewhere");
    const open = request.isOpen ? request.authorization?.() : undefined;
    const answer = await this.#send(url, request, open, "follow");
    const at = new URL(answer.url || url.href);
    if (!maySendTo(at, url)) throw this.#redirected(`to ${at.origin}`);
    const reply = await this.#read(answer, at, at.origin !== url.origin, request.limit);
    if (reply.status === 401) throw this.#redirected("those who are logged in to another host");
    return reply;
  }

  /** @param {string} how */
  #redirected(how) {
    return this.error(
      "redirected",
      `the registry redirects ${how}, which is not followed.`,
      isBrowser()
        ? "Reach it through a reverse proxy that follows redirects by itself, or run this in Node."
        : "Name the registry where it really is; secrets are never sent along a redirect.",
    );
  }

  /** @param {URL} url @param {Request} request @param {string | undefined} secret @param {RequestRedirect} redirect */
  async #send(url, { method = "GET", headers, body }, secret, redirect) {
    const fetch = this.#options.fetch ?? globalThis.fetch;
    const { signal } = this.#controller;
    /** @type {RequestInit} */
    const init = {
      method,
      headers: secret ? { ...headers, authorization: secret } : { ...headers },
      redirect,
      signal,
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
    };
    if (body) init.body = body;
    const answer = await this.#inTime(async () => fetch(url.href, init));
    if (typeof answer?.status !== "number" || typeof answer.headers?.get !== "function") {
      throw this.error(
        "bad-reply",
        "fetch returned something without status and headers.",
        "Correct `fetch`.",
      );
    }
    return answer;
  }

  /**
   * Reads the body, and no more of it than is allowed: by what it announces, and by what comes, since it may
   * announce nothing, or be compressed.
   *
   * @param {Answer} answer @param {URL} url @param {boolean} elsewhere @param {number} [limit]
   * @returns {Promise<Reply>}
   */
  async #read(answer, url, elsewhere, limit = errorLimit) {
    const { status } = answer;
    const strict = status >= 200 && status <= 299;
    const most = strict ? limit : errorLimit;
    const body = /** @type {Partial<ReadableStream<Uint8Array>> | null | undefined} */ (answer.body);
    const announced = Number(answer.headers.get("content-length"));
    if (strict && announced > most) {
      body?.cancel?.().catch(() => {});
      throw this.#tooLarge(most);
    }
    const { bytes, cut } = await this.#inTime(() => readBody(answer, body, most, this.#controller.signal));
    if (strict && cut) throw this.#tooLarge(most);
    return { status, header: (name) => answer.headers.get(name), bytes, url, elsewhere };
  }

  /** @param {number} most */
  #tooLarge(most) {
    const what = `the reply is larger than the ${most} bytes that are allowed for it.`;
    return this.error(
      "bad-reply",
      what,
      "Look at what the registry holds there: nothing genuine is that large.",
    );
  }

  /** @param {number} ms */
  #pause(ms) {
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    const pause = () => new Promise((resolve) => (timer = setTimeout(resolve, ms)));
    return this.#inTime(pause).finally(() => clearTimeout(timer));
  }

  /**
   * Waits for a piece of work, but no longer than clock and caller allow, even if the work does not heed the
   * signal, as with a replaced `fetch`; and gives its failure a reason.
   *
   * @template T @param {() => PromiseLike<T>} work @returns {Promise<T>}
   */
  async #inTime(work) {
    const { signal } = this.#controller;
    /** @type {() => void} */
    let stop = () => {};
    try {
      return await new Promise((resolve, reject) => {
        stop = () => reject(signal.reason);
        if (signal.aborted) return stop();
        signal.addEventListener("abort", stop);
        work().then(resolve, reject);
      });
    } catch (cause) {
      throw this.#explain(cause);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** @param {unknown} cause */
  #explain(cause) {
    const { signal, timeoutMs, withoutSecrets } = this.#options;
    if (this.#timedOut) {
      const fix = "Try again, or give more time with timeoutMs.";
      return this.error("timeout", `the registry did not answer in full within ${timeoutMs} ms.`, fix);
    }
    if (signal?.aborted) {
      const fix = "Start again when wanted.";
      return this.error("aborted", "the caller's signal stopped it.", fix, signal.reason);
    }
    const why = `no answer: ${readable(withoutSecrets(innermost(cause)))}.`;
    // A replaced fetch may keep in its errors what it was called with.
    const own = this.#options.fetch ? undefined : cause;
    if (!isBrowser()) return this.error("network", why, "Check the registry's name and the network.", own);
    return this.error(
      "network",
      `${why} Perhaps the registry does not allow this page's origin (CORS): a browser does not tell these apart.`,
      "Reach the registry through a reverse proxy on the page's own origin, or run this in Node.",
      own,
    );
  }
}

/** Milliseconds that `Retry-After` asks for, as seconds or as a date (RFC 9110 §10.2.3); endless without it. */
function retryAfter(/** @type {Reply} */ reply) {
  const after = reply.header("retry-after")?.trim();
  if (!after) return Number.POSITIVE_INFINITY;
  const ms = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now();
  return Number.isNaN(ms) ? Number.POSITIVE_INFINITY : Math.max(0, ms);
}

/** The platform's own words, such as `connect ECONNREFUSED 127.0.0.1:1`, are those of the innermost cause. */
function innermost(/** @type {unknown} */ error) {
  let text = "";
  for (let depth = 0, at = /** @type {any} */ (error); at && depth < 5; depth++, at = at.cause) {
    text = String(at.message || at.code || text || (typeof at === "string" ? at : ""));
  }
  return text || "the platform gives no reason";
}

/** Words for a message: on one line, short, nothing invisible, and without queries, which may hold signatures. */
function readable(/** @type {string} */ text) {
  return text
    .replace(/\?\S+/g, "?…")
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd")
    .slice(0, 300);
}

function isBrowser() {
  return "document" in globalThis || "WorkerGlobalScope" in globalThis;
}
