// One call to a registry over HTTP: its time limit, its size limits, redirects, waits and second tries, and an
// error with a reason for whatever goes wrong. What a reply means is not decided here; see replies.ts.

import { harmless } from "../core.ts";
import { fail, OcisignError, type OcisignErrorOf, type UnplacedErrorCode } from "../error.ts";
import { fieldOf, hasMethod, isA, isText } from "../foreign.ts";
import { follow, pause, within } from "../http/deadline.ts";
import type { Fetch, FetchInit } from "../http/fetch.ts";
import { reachable } from "../http/resolve.ts";
import { retryAfterSeconds } from "../http/retry-after.ts";
import { isBrowser } from "../http/runtime.ts";
import { travel } from "../http/travel.ts";
import { urlOf, whyNotTo } from "../http/url.ts";
import { Fault } from "../strict/fault.ts";
import { type Body, cancelBody, openBody, readBody } from "./body.ts";
import type { Budget } from "./budget.ts";
import type { Away, Host, Hosts, HostTurn } from "./hosts.ts";

/** A reply that was read to its end. */
export interface Reply {
  readonly status: number;
  readonly header: (name: string) => string | null;
  /** Of an error, only the first 64 KiB. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where it came from. */
  readonly url: URL;
  /** Whether that is another origin than the one that was asked. */
  readonly elsewhere: boolean;
  /** The authorization that it was asked for with. */
  readonly used: string | undefined;
  /** The answer itself, if its body was left open: {@link RegistryCall.pieces} reads it. */
  readonly open?: unknown;
}

/** What is asked. */
export interface Asking {
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH";
  /** Without `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** The most bytes that a success may have; default 64 KiB. */
  readonly limit?: number;
  /**
   * Whether a redirect to another origin is followed; for content that is checked by its digest, and never with
   * `Authorization`.
   */
  readonly mayLeave?: boolean;
  /** Whether the body of a success is left open, for {@link RegistryCall.pieces}. */
  readonly leavesOpen?: boolean;
}

/** Whose answer to a challenge is to be tried. */
export type Challenged = "own" | "other" | undefined;

/** What is known of a registry for what is to be done there: the same for all requests of this kind. */
export interface Access {
  /** The header's value, for the origin that is asked and no other. */
  readonly authorization: () => string | undefined;
  /** Whether anybody gets that authorization, so that it is no secret. */
  readonly isOpen?: boolean;
  /** Called on a 401 from that origin: says whose new authorization there is to try, if any. */
  readonly challenged?: (call: RegistryCall, reply: Reply, used: string | undefined) => Promise<Challenged>;
  /** Reads a `Location`. */
  readonly locate?: (location: string, from: URL) => URL | undefined;
}

/** What a call is made with. */
export interface CallSettings {
  /** The beginning of every message. */
  readonly doing: string;
  readonly fetch: Fetch | undefined;
  readonly signal: AbortSignal | undefined;
  /** For the whole call. */
  readonly timeoutMs: number;
  /** For all calls together. */
  readonly budget: Budget;
  readonly withoutSecrets: (text: string) => string;
  /** Whether there is a sign-in. */
  readonly isSignedIn: boolean;
  /** What to do when a login is missing or refused. */
  readonly signInFix: string;
  /** Where each request waits for its turn, if others of the same run ask the same hosts. */
  readonly hosts: Hosts | undefined;
}

/** What came of a request. */
interface Exchange {
  readonly head: Head;
  /** Undefined if more is announced than may come, or if it is hidden. */
  readonly body: Body | undefined;
}

/** What of a reply is needed before its body. */
interface Head {
  readonly answer: unknown;
  readonly status: number;
  readonly header: (name: string) => string | null;
  /** A browser hides where a redirect leads. */
  readonly isHidden: boolean;
  /** Where it came from in the end, if the platform says so. */
  readonly url: string;
}

/** The most bytes that are read of an error, and of a success that says no more than that it is one. */
export const errorLimit = 64 * 1024;
const mostRedirects = 3;
/** How often an authorization is tried that another call signed in for. */
const mostOthers = 3;
/** The longest reason, in UTF-16 units. */
const mostWords = 600;
const tries = 3;
const longestWaitMs = 10_000;
/** Between two tries of a request, beside what the host's pace is. */
const longestPauseMs = 5000;

/** A call, from its first request to the last byte of its last reply, tokens and second tries included. */
export class RegistryCall {
  #settings: CallSettings;
  /** When it ends, by `performance.now()`; it is counted from the first request. */
  #until: number | undefined;

  constructor(settings: CallSettings) {
    this.#settings = settings;
  }

  get isSignedIn(): boolean {
    return this.#settings.isSignedIn;
  }

  /** What to do when a login is missing or refused. */
  get signInFix(): string {
    return this.#settings.signInFix;
  }

  /** The words of a registry for a message: without our secrets, short, and with nothing that hides. */
  harmless(words: string): string {
    return harmless(this.#settings.withoutSecrets(words));
  }

  /** An error that says what was being done. */
  error(code: UnplacedErrorCode, what: string, fix: string, cause?: unknown): OcisignErrorOf {
    // Hosts and paths stand in it that the registry chose, as long as it likes. They may repeat our secrets.
    const { doing, withoutSecrets } = this.#settings;
    const clean = withoutSecrets(what);
    const short = clean.length > mostWords ? `${clean.slice(0, mostWords)}…` : clean;
    return fail(code, `${doing}: ${short}`, withoutSecrets(fix), cause);
  }

  /**
   * Asks, and follows, waits and asks again as far as the rules allow. The status of the reply is the caller's
   * to judge; it is never a redirect, and never a 429 or a failure that a second try may still turn.
   *
   * A GET is tried again after a passing failure of the server. What writes is not, since it may have been done.
   * A 429 (RFC 6585 §4) and a 401 mean that it was not, so that everything may be sent again after these.
   */
  async request(url: URL, asking: Asking, access: Access): Promise<Reply> {
    const secret = access.authorization();
    const { head, body } = await this.#exchange(url, asking, secret);
    if (head.isHidden) return this.#followBlindly(url, asking, access);
    const reply = this.#replyOf(head, body, url, false, asking.limit, secret);
    // Mostly that is all. A function that goes on would keep more, for as long as the registry takes.
    return reply.status < 300 || reply.status === 404
      ? reply
      : this.#goOn(reply, secret, url, asking, access);
  }

  /** What follows the first reply. @param secret it was asked for with */
  async #goOn(
    first: Reply,
    secret: string | undefined,
    url: URL,
    asking: Asking,
    access: Access,
  ): Promise<Reply> {
    const { method = "GET" } = asking;
    const { authorization, challenged, locate = urlOf } = access;
    let [reply, used] = [first, secret];
    let at = url;
    let left = false;
    let [failures, redirects, others, waited, answered] = [0, 0, 0, false, false];
    for (;;) {
      const { status } = reply;
      const wait = retryAfterMs(reply);
      if ([301, 302, 303, 307, 308].includes(status)) {
        if (!isRead(method) && status < 307) throw this.#redirected("elsewhere after a write");
        if (++redirects > mostRedirects) throw this.#redirected(`more than ${mostRedirects} times`);
        at = await this.#next(reply, url, asking.mayLeave === true, locate);
      } else if (status === 401 && challenged && !answered && !left) {
        const how = await challenged(this, reply, used);
        if (!how) return reply;
        // What another call signed in for may be something else than this one needs.
        answered = how === "own" || ++others >= mostOthers;
      } else if (this.#settings.hosts) {
        // It was asked again already, as often as that may help.
        return reply;
      } else if (status === 429 && !waited && wait <= longestWaitMs) {
        waited = true;
        await this.#pause(wait);
      } else if (isRead(method) && hasFailed(reply) && ++failures < tries) {
        await this.#pause(100 * failures ** 2);
      } else {
        return reply;
      }
      // Once it has left, a redirect back does not get the secret either: it would be another's choice of URL.
      left ||= at.origin !== url.origin;
      used = left ? undefined : authorization();
      const { head, body } = await this.#exchange(at, asking, used);
      if (head.isHidden) return this.#followBlindly(at, asking, access);
      reply = this.#replyOf(head, body, at, left, asking.limit, used);
    }
  }

  /** The URL that a redirect names, if it may be followed. */
  async #next(
    reply: Reply,
    home: URL,
    mayLeave: boolean,
    locate: NonNullable<Access["locate"]>,
  ): Promise<URL> {
    const location = reply.header("location");
    const to = location ? locate(location, reply.url) : undefined;
    if (!to) throw this.#redirected("without saying where to");
    if (to.username || to.password) throw this.#redirected("to a URL with a user in it");
    if (to.origin === home.origin) return to;
    if (!mayLeave) throw this.#redirected(`to another host, ${to.origin}`, adviceFor(to, home));
    await this.#checkMaySend(to, home);
    return to;
  }

  /** Waits, as long as this call may, for what another call is at. Its failure is told as this call's own. */
  async share<T>(other: RegistryCall, work: Promise<T>): Promise<T> {
    const sharing = () =>
      work.catch((error: unknown) => {
        throw isA(error, OcisignError) ? other.#withoutDoing(error) : error;
      });
    // The other one may wait for its turn.
    return this.#settings.hosts ? this.#waiting(sharing) : this.#inTime(sharing);
  }

  /** An error of this call, without what it was at. */
  #withoutDoing(error: OcisignError): OcisignErrorOf {
    const { doing } = this.#settings;
    const { code, message, fix, cause } = error;
    const what = message.startsWith(`${doing}: `) ? message.slice(doing.length + 2) : message;
    return fail(code as UnplacedErrorCode, what, fix, cause);
  }

  async #checkMaySend(to: URL, from: URL): Promise<void> {
    const why = await this.whyNotTo(to, from);
    if (why) throw this.#redirected(`to ${to.origin} (${why})`);
  }

  /** Why the registry may not send us on to this place; undefined if it may. */
  whyNotTo(to: URL, from: URL): Promise<string | undefined> {
    return this.#inTime(() => whyNotTo(to, from));
  }

  /**
   * A browser shows of a redirect only that there was one. For content that is checked by its digest, the browser
   * may follow it by itself, but without a secret: that `Authorization` must be dropped at the border to another
   * origin is in the Fetch standard only since 2022 (HTTP-redirect fetch), older browsers send it along, and a
   * page cannot find out which kind it runs in. A token that anybody gets without a password is no secret and goes
   * along, since Docker Hub and others want one even for what is public. A registry that redirects the readers of
   * a private repository is out of reach for a browser, and the error says so.
   */
  async #followBlindly(url: URL, asking: Asking, access: Access): Promise<Reply> {
    if (!asking.mayLeave) throw this.#redirected("elsewhere");
    const open = access.isOpen ? access.authorization() : undefined;
    const { limit } = asking;
    const { head, body, at } = await this.#inTurn(url, asking, async () => {
      const answer = await this.#inTime((signal) => this.#send(url, asking, open, "follow", signal));
      const head = this.#whole(headOf(answer));
      const at = new URL(head.url || url.href);
      // Before anything of it is read.
      if (at.origin !== url.origin) await this.#checkMaySend(at, url);
      return { head, body: await this.#inTime((signal) => this.#bodyOf(head, asking, signal)), at };
    });
    const reply = this.#replyOf(head, body, at, at.origin !== url.origin, limit);
    if (reply.status === 401) throw this.#redirected("those who are logged in to another host");
    return reply;
  }

  #redirected(how: string, advice?: string): OcisignErrorOf {
    const fix = isBrowser()
      ? "Reach it through a reverse proxy that follows redirects by itself, or run this in Node."
      : "Ask those who run the registry; secrets are never sent along a redirect.";
    return this.error("redirected", `the registry redirects ${how}, which is not followed.`, advice ?? fix);
  }

  /** Sends, and reads what comes, in its turn. */
  #exchange(url: URL, asking: Asking, secret: string | undefined): Promise<Exchange> {
    return this.#inTurn(url, asking, () => this.#once(url, asking, secret));
  }

  /**
   * Sends when the host has a place for it. What the host refuses as too much is sent again when it may be. A read that
   * failed is sent again, too: a few times while the host answers others, and as long as the run has patience while it
   * answers nobody.
   */
  async #inTurn<Got extends Exchange>(
    url: URL,
    { method = "GET" }: Asking,
    send: () => Promise<Got>,
  ): Promise<Got> {
    const host = this.#settings.hosts?.of(url.origin);
    if (!host) return send();
    let [failures, sent, wasRefused] = [0, 0, false];
    for (;;) {
      const turn = await this.#turnAt(host).catch((error: unknown) => {
        throw wasRefused && fieldOf(error, "code") === "timeout" ? this.#refusedTooLong() : error;
      });
      const outcome = await settled(send());
      sent += 1;
      const { isRefused, failure, askedMs = 0 } = this.#tell(turn, outcome);
      if (isRefused && askedMs <= this.#settings.budget.msLeft) {
        wasRefused = true;
        continue;
      }
      if (!host.isOut) failures += 1;
      // Who waited in vain as long as a call may take does not wait once more.
      const mayRepeat = failure && failure.code !== "timeout" && isRead(method) && failures < tries;
      if (mayRepeat) await this.#rest(100 * sent ** 2);
      else if ("value" in outcome) return outcome.value;
      else throw outcome.error;
    }
  }

  async #rest(ms: number): Promise<void> {
    // Chance parts those that failed together.
    const some = Math.min(ms, longestPauseMs) * (0.5 + Math.random() / 2);
    await this.#waiting(() => pause(some, this.#settings.signal));
  }

  #refusedTooLong(): OcisignErrorOf {
    const what = `the registry refused it as too much (HTTP 429) until totalTimeoutMs was over.`;
    return this.error("rate-limited", what, "Try again later, or give more time with totalTimeoutMs.");
  }

  /** Waits for a turn. That is no silence of the host: the time of this call goes on afterwards. */
  async #turnAt(host: Host): Promise<HostTurn> {
    const { budget, signal } = this.#settings;
    const free = signal?.aborted || budget.msLeft <= 0 ? undefined : host.now();
    if (free) return free;
    if (host.askedMs > budget.msLeft) {
      const what = `not asked, since the registry wants to be left alone for ${Math.ceil(host.askedMs / 1000)} s.`;
      throw this.error(
        "rate-limited",
        what,
        "Start again after that time, or give more with totalTimeoutMs.",
      );
    }
    const turn = await this.#waiting((signal) => host.turn(signal));
    if (!turn) throw this.#aborted();
    if (!("failure" in turn)) return turn;
    throw this.#away(turn);
  }

  #away({ failure, outageMs }: Away): OcisignErrorOf {
    const what = `not asked, since nobody has got an answer for ${Math.round(outageMs / 1000)} s: ${failure.message}`;
    return this.error(failure.code as UnplacedErrorCode, what, failure.fix);
  }

  /** Tells the host how a request ended. */
  #tell(
    turn: HostTurn,
    outcome: { value: Exchange } | { error: unknown },
  ): { isRefused?: boolean; failure?: OcisignErrorOf; askedMs?: number } {
    if ("error" in outcome) {
      const { error } = outcome;
      const isFailure = isA(error, OcisignError) && ["network", "timeout"].includes(error.code);
      // Once all time is over, it says nothing of the host that this request took too long.
      if (!isFailure || this.#settings.budget.msLeft <= 0) {
        turn.left();
        return {};
      }
      const failure = this.#withoutDoing(error);
      turn.failed(failure);
      return { failure };
    }
    const { head } = outcome.value;
    const asked = retryAfterSeconds(head.header);
    const askedMs = (asked ?? 0) * 1000;
    if (head.status === 429) {
      turn.answered(askedMs);
      return { isRefused: true, askedMs };
    }
    if (!hasFailed(head)) {
      turn.answered();
      return {};
    }
    const failure = fail("server-error", `it answered HTTP ${head.status}.`, "Try again later.");
    turn.failed(failure, askedMs);
    return { failure, askedMs };
  }

  /** Does what is no work of the host's: time goes on after it. */
  async #waiting<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal, budget } = this.#settings;
    if (signal?.aborted) throw this.#aborted();
    this.checkBudget();
    const began = performance.now();
    const outcome = await within(budget.msLeft, signal, work);
    if (this.#until !== undefined) this.#until += performance.now() - began;
    if ("value" in outcome) return outcome.value;
    if ("error" in outcome) throw outcome.error;
    throw outcome.stopped === "signal" ? this.#aborted() : this.#overTime();
  }

  /** Sends once. It is one piece of work: each takes a signal and a timer of its own. */
  async #once(url: URL, asking: Asking, secret: string | undefined): Promise<Exchange> {
    const { head, body } = await this.#inTime(async (signal) => {
      const head = headOf(await this.#send(url, asking, secret, "manual", signal));
      const isRead = head !== undefined && !head.isHidden;
      return { head, body: isRead ? await this.#bodyOf(head, asking, signal) : undefined };
    });
    return { head: this.#whole(head), body };
  }

  async #send(
    url: URL,
    { method = "GET", headers, body }: Asking,
    secret: string | undefined,
    redirect: FetchInit["redirect"],
    signal: AbortSignal,
  ): Promise<unknown> {
    const own = this.#settings.fetch;
    const at = own || !url.hostname.endsWith(".localhost") ? url : await reachable(url);
    // The type asks for more than is needed: headOf looks at what there is.
    const fetch: Fetch = own ?? (globalThis.fetch as Fetch);
    return fetch(at.href, {
      ...travel(),
      method,
      headers: secret ? { ...headers, authorization: secret } : { ...headers },
      redirect,
      signal,
      ...(body && { body }),
    });
  }

  #whole(head: Head | undefined): Head {
    if (head) return head;
    const what = "fetch returned something without status and headers.";
    throw this.error("bad-reply", what, "Correct `fetch`.");
  }

  /** The body, and no more of it than is allowed; undefined if more is announced. */
  async #bodyOf(
    head: Head,
    { method, limit, leavesOpen = false }: Asking,
    signal: AbortSignal,
  ): Promise<Body | undefined> {
    // Its length is that of what was not sent.
    if (method === "HEAD") {
      cancelBody(head.answer);
      return { bytes: new Uint8Array(), cut: false };
    }
    const most = mostOf(head, limit);
    if (!isSuccess(head) || !(Number(head.header("content-length")) > most)) {
      if (leavesOpen && isSuccess(head)) return { bytes: new Uint8Array(), cut: false, open: head.answer };
      return readBody(head.answer, most, this.#settings.budget, signal);
    }
    cancelBody(head.answer);
    return undefined;
  }

  #replyOf(
    head: Head,
    body: Body | undefined,
    url: URL,
    elsewhere: boolean,
    limit: number | undefined,
    used?: string,
  ): Reply {
    const { status, header } = head;
    if (!body) throw this.#tooLarge(mostOf(head, limit));
    this.checkBudget();
    if (body.cut && isSuccess(head)) throw this.#tooLarge(mostOf(head, limit));
    return {
      status,
      header,
      bytes: body.bytes,
      url,
      elsewhere,
      used,
      ...(body.open !== undefined && { open: body.open }),
    };
  }

  /**
   * The body that a reply left open, piece by piece. Each piece has the time of a call; what is done with it takes none.
   * Whoever leaves early ends the connection.
   */
  async *pieces({ open }: Reply, most: number): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
    const { budget, signal } = this.#settings;
    const body = openBody(open, most);
    let length = 0;
    // Between two pieces nothing waits for the signal.
    const unfollow = follow(signal, body.cancel);
    try {
      for (;;) {
        this.#until = undefined;
        const piece = await this.#inTime(body.next);
        if (!piece) return;
        length += piece.length;
        budget.spend(piece.length);
        this.checkBudget();
        if (length > most) throw this.#tooLarge(most);
        yield piece;
      }
    } finally {
      unfollow();
      body.cancel();
    }
  }

  /** That it is too large, the registry has shown: this is a fault of what it holds, not of how it was reached. */
  #tooLarge(most: number): OcisignErrorOf {
    const what = `the reply is larger than the ${most} bytes that are allowed for it.`;
    const fix = "Look at what the registry holds there: nothing genuine is that large.";
    return this.error("bad-reply", what, fix, new Fault(what));
  }

  async #pause(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const pause = () => new Promise((resolve) => (timer = setTimeout(resolve, ms)));
    await this.#inTime(pause).finally(() => clearTimeout(timer));
  }

  /** Waits for a piece of work, but no longer than clock and caller allow; and gives its failure a reason. */
  async #inTime<T>(work: (signal: AbortSignal) => PromiseLike<T>): Promise<T> {
    const { signal, budget } = this.#settings;
    if (signal?.aborted) throw this.#aborted();
    this.checkBudget();
    this.#until ??= performance.now() + this.#settings.timeoutMs;
    const left = Math.max(this.#until - performance.now(), 0);
    const leftInAll = budget.msLeft;
    const outcome = await within(Math.min(left, leftInAll), signal, work);
    if ("value" in outcome) return outcome.value;
    if ("error" in outcome) throw this.#noAnswer(outcome.error);
    if (outcome.stopped === "signal") throw this.#aborted();
    throw leftInAll < left ? this.#overTime() : this.#timedOut();
  }

  /** Throws when this call and those before it have cost what they may. */
  checkBudget(): void {
    const { budget } = this.#settings;
    if (budget.msLeft <= 0) throw this.#overTime();
    if (budget.bytesLeft >= 0) return;
    const what = `the registry sent more than the ${budget.totalBytes} bytes that totalBytes allows in all.`;
    throw this.error(
      "bad-reply",
      what,
      "Remove from the registry what does not belong there, or raise totalBytes.",
    );
  }

  #overTime(): OcisignErrorOf {
    const what = `all of it took more than the ${this.#settings.budget.totalTimeoutMs} ms of totalTimeoutMs.`;
    return this.error("timeout", what, "Try again, or give more time with totalTimeoutMs.");
  }

  #timedOut(): OcisignErrorOf {
    const what = `the registry did not answer in full within ${this.#settings.timeoutMs} ms.`;
    return this.error("timeout", what, "Try again, or give more time with timeoutMs.");
  }

  #aborted(): OcisignErrorOf {
    const reason: unknown = this.#settings.signal?.reason;
    return this.error("aborted", "the caller's signal stopped it.", "Start again when wanted.", reason);
  }

  #noAnswer(cause: unknown): OcisignErrorOf {
    const { withoutSecrets, fetch } = this.#settings;
    if (isA(cause, OcisignError))
      return this.error(cause.code as UnplacedErrorCode, cause.message, cause.fix);
    const why = `no answer: ${readable(withoutSecrets(innermost(cause)))}.`;
    // A replaced fetch may keep in its errors what it was called with.
    const own = fetch ? undefined : cause;
    if (!isBrowser()) return this.error("network", why, "Check the registry's name and the network.", own);
    return this.error(
      "network",
      `${why} The registry is unreachable or blocks this page (CORS). The browser does not say which.`,
      "Reach the registry through a reverse proxy on the page's own origin, or run this in Node.",
      own,
    );
  }
}

/**
 * How to get what a registry keeps elsewhere. Not by another name of the image: its signatures name it as it is called.
 */
function adviceFor(to: URL, home: URL): string | undefined {
  if (to.pathname === home.pathname) {
    return `Reach the registry there, with registry.url (--registry-url): ${to.origin}. The reference stays as it is.`;
  }
  const [, repository] = /^\/v2\/(.+)\/(?:manifests|referrers|tags)\/[^/]+$/.exec(to.pathname) ?? [];
  if (repository === undefined) return undefined;
  const place = `${to.host}/${repository}`;
  return `Have the signatures looked for there, with registry.repository (--signatures-in): ${place}. The reference stays as it is.`;
}

async function settled<T>(work: Promise<T>): Promise<{ value: T } | { error: unknown }> {
  try {
    return { value: await work };
  } catch (error) {
    return { error };
  }
}

/** Did the server fail, so that a second try may help? */
function hasFailed({ status }: { readonly status: number }): boolean {
  return [500, 502, 503, 504].includes(status);
}

/** May it be sent twice? */
function isRead(method: Asking["method"]): boolean {
  return method === "GET" || method === "HEAD";
}

function isSuccess({ status }: Head): boolean {
  return status >= 200 && status <= 299;
}

/** The most bytes that are read of a reply. */
function mostOf(head: Head, limit = errorLimit): number {
  return isSuccess(head) ? limit : errorLimit;
}

/** A replaced fetch may return anything: status and headers are what is needed. */
function headOf(answer: unknown): Head | undefined {
  const [status, headers] = [fieldOf(answer, "status"), fieldOf(answer, "headers")];
  if (typeof status !== "number" || !hasMethod(headers, "get")) return undefined;
  const header = (name: string) => {
    const value = headers.get(name);
    return isText(value) ? value : null;
  };
  const [type, url] = [fieldOf(answer, "type"), fieldOf(answer, "url")];
  return { answer, status, header, isHidden: type === "opaqueredirect", url: isText(url) ? url : "" };
}

/** Milliseconds that the registry asks us to wait; endless without its word. */
function retryAfterMs(reply: Reply): number {
  return (retryAfterSeconds(reply.header) ?? Number.POSITIVE_INFINITY) * 1000;
}

/** The platform's own words, such as `connect ECONNREFUSED 127.0.0.1:1`, are those of the innermost cause. */
function innermost(error: unknown): string {
  let text = "";
  let at = error;
  try {
    for (let depth = 0; at && depth < 5; depth++, at = fieldOf(at, "cause")) {
      const own = fieldOf(at, "message") || fieldOf(at, "code");
      text = String(own || text || (isText(at) ? at : ""));
    }
  } catch {
    // Whatever a replaced fetch throws, it is no reply.
  }
  return text || "the platform gives no reason";
}

/** Words for a message: on one line, short, nothing invisible, and without queries, which may hold signatures. */
function readable(text: string): string {
  return text
    .replace(/\?\S+/g, "?…")
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd")
    .slice(0, 300);
}
