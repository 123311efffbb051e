// Looks at something again and again while somebody may be looking: quiet in a hidden tab and while offline, slower
// the longer nothing changes, and patient with a service that is away.

import { pause } from "../../../lib/deadline.js";
import { codeOf } from "../model/errors.js";

/** In milliseconds: the first pause, the longest one, and the longest while the service is away. */
const defaults = { first: 2000, longest: 15_000, longestAway: 60_000 };

/** What passes by itself. */
const passing = new Set(["network", "timeout", "server-error", "rate-limited"]);

/**
 * @template T
 * @typedef {object} Looking
 * @property {(signal: AbortSignal) => Promise<T>} look reads it once
 * @property {(value: T) => { changed: boolean, done: boolean }} seen takes it; whether it changed, and whether to stop
 * @property {(error: unknown) => void} failed takes an error that will not pass
 * @property {number} [first] the first pause, in milliseconds
 * @property {number} [longest] the longest pause
 */

/**
 * A reactive controller. `state` is `idle` before it starts and once it is done, `live` while it looks, `hidden` and
 * `offline` while it waits for the page, `away` while the service cannot be reached, `failed` after an error.
 *
 * @template T
 */
export class Watching {
  /** @type {"idle" | "live" | "hidden" | "offline" | "away" | "failed"} */
  state = "idle";
  /** When it was seen last. @type {Date | undefined} */
  seenAt = undefined;
  /** @type {AbortController | undefined} */
  #run = undefined;
  #wanted = false;
  #connected = false;
  /** @type {import("lit").ReactiveControllerHost} */
  #host;
  /** @type {Looking<T>} */
  #looking;

  /** @param {import("lit").ReactiveControllerHost} host @param {Looking<T>} looking */
  constructor(host, looking) {
    this.#host = host;
    this.#looking = looking;
    host.addController(this);
  }

  /** Begins, or begins anew. */
  start() {
    this.#wanted = true;
    this.#restart();
  }

  stop() {
    this.#wanted = false;
    this.#run?.abort();
    this.#is("idle");
  }

  hostConnected() {
    this.#connected = true;
    document.addEventListener("visibilitychange", this.#restart);
    addEventListener("online", this.#restart);
    addEventListener("offline", this.#restart);
    this.#restart();
  }

  hostDisconnected() {
    this.#connected = false;
    document.removeEventListener("visibilitychange", this.#restart);
    removeEventListener("online", this.#restart);
    removeEventListener("offline", this.#restart);
    this.#run?.abort();
  }

  #restart = () => {
    if (!this.#wanted || !this.#connected) return;
    this.#run?.abort();
    if (document.hidden) return this.#is("hidden");
    if (!navigator.onLine) return this.#is("offline");
    this.#run = new AbortController();
    this.#go(this.#run.signal);
  };

  /** @param {AbortSignal} signal */
  async #go(signal) {
    const { look, seen, first = defaults.first, longest = defaults.longest } = this.#looking;
    let wait = first;
    try {
      for (;;) {
        const value = await this.#lookPatiently(look, signal);
        if (signal.aborted) return;
        this.seenAt = new Date();
        const { changed, done } = seen(value);
        if (done) return this.stop();
        this.#is("live");
        wait = changed ? first : Math.min(wait * 1.5, longest);
        await pause(wait, signal);
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#wanted = false;
      this.#is("failed");
      this.#looking.failed(error);
    }
  }

  /** @param {(signal: AbortSignal) => Promise<T>} look @param {AbortSignal} signal */
  async #lookPatiently(look, signal) {
    for (let wait = defaults.first; ; wait = Math.min(wait * 2, defaults.longestAway)) {
      try {
        return await look(signal);
      } catch (error) {
        // The first time somebody waits for it, and has to be told; later there is something to show meanwhile.
        if (signal.aborted || !this.seenAt || !passing.has(String(codeOf(error)))) throw error;
        this.#is("away");
        await pause(wait, signal);
        if (signal.aborted) throw error;
      }
    }
  }

  /** @param {Watching<T>["state"]} state */
  #is(state) {
    this.state = state;
    this.#host.requestUpdate();
  }
}
