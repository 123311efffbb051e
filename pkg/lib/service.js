// One call to the service, from the first try to the JSON of the reply. What to do about an answer is the module's
// decision (src/exchange.rs): a POST is never repeated after a doubt.
import { pause, within } from "./deadline.js";
import { replies, seconds } from "./reply.js";

/**
 * What every call needs.
 *
 * @typedef {object} Settings
 * @property {any} token a TokenSource
 * @property {Function | undefined} fetch the caller's own
 * @property {number} timeoutMs
 * @property {{ attempts?: number, baseMs?: number, maxMs?: number }} retry
 *
 * @typedef {object} Task
 * @property {string} doing what messages say was attempted
 * @property {string} url
 * @property {string} [body] JSON; with it, it is a POST
 * @property {any} [signal] the caller's
 * @property {number} [until] when the caller's patience ends, in milliseconds since 1970
 */

/** How a request travels: with nothing of the page's, and not along a redirect. */
const manners = { redirect: "manual", credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" };

/** @param {any} core */
export function calls(core) {
  const { Call, failure, headers, request, harmless, fail } = core;
  const { json, words } = replies(core);

  /** @param {Settings} settings @param {Task} task @returns {Promise<any>} */
  async function call(settings, task) {
    const { doing, signal } = task;
    const { attempts, baseMs, maxMs } = settings.retry;
    const exchange = new Call(task.body !== undefined, attempts, baseMs, maxMs);
    try {
      let token = await stoppable(signal, () => settings.token.current());
      for (;;) {
        const { status, retryAfter, text, error } = await send(settings, task, token);
        const step = exchange.next(status, retryAfter, Math.random());
        if (step === "read") return json(text, doing);
        const other = step === "ask" && (await stoppable(signal, () => settings.token.insteadOf(token)));
        const left = (task.until ?? Infinity) - Date.now();
        if (other) token = other;
        else if (typeof step === "number" && left > 0) await pause(Math.min(step, left), signal);
        else throw error ?? failure(doing, status, retryAfter, words(text, token));
        checkSignal(signal);
      }
    } finally {
      exchange.free();
    }
  }

  /** One try: a reply, or the error of having none. @param {Settings} settings @param {Task} task @param {string} token @returns {Promise<any>} */
  async function send({ fetch, timeoutMs }, task, token) {
    const ms = Math.max(Math.min(timeoutMs, (task.until ?? Infinity) - Date.now()), 1);
    const outcome = await within(ms, task.signal, (signal) => exchange(fetch, task, token, signal));
    if ("value" in outcome) return outcome.value;
    checkSignal(task.signal);
    if ("stopped" in outcome)
      return { error: noReply(task, "timeout", `no answer within ${Math.floor(ms)} ms`) };
    // What a fetch says may quote what it was called with, and a replaced one may keep the token in its errors.
    const said = saidBy(outcome.error);
    const why = `no answer: ${harmless((said[0] ?? "").replaceAll(token, "[token]"))}`;
    const keepsToken = fetch || said.some((text) => text.includes(token));
    return { error: noReply(task, "network", why, keepsToken ? undefined : outcome.error) };
  }

  /** @param {Function | undefined} own @param {Task} task @param {string} token @param {AbortSignal} signal */
  async function exchange(own, { url, body }, token, signal) {
    const fields = headers(token, body !== undefined);
    const method = body === undefined ? "GET" : "POST";
    const answer = own
      ? await own(url, { method, headers: fields, signal, ...manners, ...(body !== undefined && { body }) })
      : await fetch(request(url, new Headers(fields), body, signal));
    const status = answer?.status;
    if (typeof status !== "number" || !(status >= 0 && status <= 999) || typeof answer.text !== "function") {
      throw new Error("fetch returned something without status and text()");
    }
    const retryAfter = answer.headers?.get?.("retry-after");
    const text = await answer.text();
    if (typeof text !== "string") throw new Error("text() gave something that is not text");
    return { status, retryAfter: seconds(retryAfter), text };
  }

  /** @param {Task} task @param {string} code @param {string} why @param {unknown} [cause] */
  function noReply({ doing, body }, code, why, cause) {
    const fixes = [
      [body !== undefined, "It may have been taken all the same: look before you send it again."],
      [code === "timeout", "Try again, or give more time with timeoutMs."],
      [
        true,
        "Check the address and the network; in a browser, check that the service allows this page's origin (CORS).",
      ],
    ];
    const [, fix] = /** @type {any} */ (fixes.find(([applies]) => applies));
    return fail(code, `${doing}: ${why}.`, fix, cause);
  }

  /**
   * Waits without a time limit of its own: for a token, which may take as long as a person takes to sign in, and for
   * what another call reads. Only the signal ends it.
   *
   * @template T
   * @param {any} signal @param {() => Promise<T>} work @returns {Promise<T>}
   */
  async function stoppable(signal, work) {
    checkSignal(signal);
    const outcome = await within(undefined, signal, work);
    checkSignal(signal);
    if ("value" in outcome) return outcome.value;
    throw "error" in outcome ? outcome.error : undefined;
  }

  /** @param {any} signal */
  function checkSignal(signal) {
    if (!signal?.aborted) return;
    const fix = "Start again when wanted; what the service has taken stays there.";
    throw fail("aborted", "The caller's signal stopped it.", fix, signal.reason);
  }

  return { call, stoppable, checkSignal };
}

/** What an error says, the innermost and plainest first, such as `connect ECONNREFUSED 127.0.0.1:1`. @param {any} cause @returns {string[]} */
function saidBy(cause) {
  try {
    const { cause: inner, message } = Object(cause);
    return [inner?.message, inner?.code, message].filter((text) => typeof text === "string" && text);
  } catch {
    // Whatever a replaced fetch throws, it is no reply.
    return [];
  }
}
