// Looks at something again and again while a person may be watching: quiet in a hidden tab, unless it is to notify, and
// while offline, slower the longer nothing changes, and patient with a service that is away.

import type { ReactiveControllerHost } from "lit";
import { passes } from "../../service/passing.ts";
import { pause } from "./pause.ts";

/** In milliseconds: the first pause, the longest one, and the longest while the service is away. */
const defaults = { first: 2000, longest: 15_000, longestAway: 60_000 };
/** Between two looks of a hidden page, which browsers slow down to this, too. */
const hiddenMs = 60_000;

export interface Looking<T> {
  /** Reads it once. */
  look: (signal: AbortSignal) => Promise<T>;
  /** Takes it; whether it changed, and whether to stop. */
  seen: (value: T) => { changed: boolean; done: boolean };
  /** Takes an error that will not pass. */
  failed: (error: unknown) => void;
  /** The first pause, in milliseconds. */
  first?: number;
  /** The longest pause. */
  longest?: number;
  /** Whether to go on in a hidden page, slowly. By default not. */
  whileHidden?: () => boolean;
}

/**
 * A reactive controller. `state` is `idle` before it starts and once it is done, `live` while it looks, `hidden` and
 * `offline` while it waits for the page, `away` while the service cannot be reached, `failed` after an error.
 */
export class Watching<T> {
  state: "idle" | "live" | "hidden" | "offline" | "away" | "failed" = "idle";
  /** When it was seen last. */
  seenAt: Date | undefined = undefined;
  #run: AbortController | undefined = undefined;
  #wanted = false;
  #connected = false;
  #host: ReactiveControllerHost;
  #looking: Looking<T>;

  constructor(host: ReactiveControllerHost, looking: Looking<T>) {
    this.#host = host;
    this.#looking = looking;
    host.addController(this);
  }

  /** Begins, or begins again. */
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
    if (document.hidden && !this.#looking.whileHidden?.()) return this.#is("hidden");
    if (!navigator.onLine) return this.#is("offline");
    if (this.state === "hidden") this.#is("idle");
    this.#run = new AbortController();
    this.#go(this.#run.signal);
  };

  async #go(signal: AbortSignal) {
    const { look, seen, first = defaults.first, longest = defaults.longest } = this.#looking;
    let wait = first;
    try {
      // It was looked at while it was visible.
      if (document.hidden && this.seenAt) await pause(hiddenMs, signal);
      for (;;) {
        if (signal.aborted) return;
        const value = await this.#lookPatiently(look, signal);
        if (signal.aborted) return;
        this.seenAt = new Date();
        const { changed, done } = seen(value);
        if (done) return this.stop();
        this.#is("live");
        wait = changed ? first : Math.min(wait * 1.5, longest);
        await pause(document.hidden ? hiddenMs : wait, signal);
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#wanted = false;
      this.#is("failed");
      this.#looking.failed(error);
    }
  }

  async #lookPatiently(look: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) {
    for (let wait = defaults.first; ; wait = Math.min(wait * 2, defaults.longestAway)) {
      try {
        return await look(signal);
      } catch (error) {
        // At first a person waits for it, and has to be told; later there is something to show meanwhile.
        if (signal.aborted || !this.seenAt || passes(error) === "no") throw error;
        this.#is("away");
        await pause(wait, signal);
        if (signal.aborted) throw error;
      }
    }
  }

  #is(state: Watching<T>["state"]) {
    this.state = state;
    this.#host.requestUpdate();
  }
}
