// The hosts that a run asks: at which pace, and whether they answer at all. One that has answered nobody for a while is
// away: then each call ends at once, and only one in a while looks whether it is back.
import type { OcisignErrorOf } from "../error.ts";
import { follow } from "../http/deadline.ts";
import { Outage } from "../http/outage.ts";
import { Pace } from "../http/pace.ts";
import { Recent } from "../recent.ts";

/** How often somebody looks whether a host is back. */
const looksEveryMs = 15_000;
/** A verification asks for four things at once: each image under way may need so many places at a host. */
export const callsOfAnImage = 4;
/** A timer that is later than that was held up by a machine that slept. */
const longestDelayMs = 60_000;
/** Timers count no further. */
const longestTimerMs = 2 ** 31 - 1;
/** Nobody verifies images of more hosts at the same time. */
const mostHosts = 1000;

/** Why a host is not asked. */
export interface Away {
  /** What came of the last call. */
  readonly failure: OcisignErrorOf;
  /** For how long nobody has got an answer, in milliseconds. */
  readonly outageMs: number;
}

/** A call that may be made now. Whoever has it says how it ended, once. */
export interface HostTurn {
  /** @param askedMs how long the host wants to be left alone, if it refused this as too much */
  answered(askedMs?: number): void;
  /** There was no answer, or the answer was that it failed. @param askedMs as above, if it said that */
  failed(failure: OcisignErrorOf, askedMs?: number): void;
  /** The caller has ended it: it says nothing of the host. */
  left(): void;
}

/** One host. */
export class Host {
  readonly #pace: Pace;
  readonly #most: number;
  readonly #patienceMs: number;
  readonly #outage = new Outage();
  #failure: OcisignErrorOf | undefined;
  /** It is away; a call after this moment, by `performance.now()`, looks again. */
  #looksAt: number | undefined;
  #isLooking = false;
  /** Ends the waiting of those who had come before it was away. */
  #goneAway = new AbortController();
  /** Until when it wants to be left alone, as it said itself. */
  #askedUntil = 0;
  /** Failures since the last answer. */
  #failures = 0;
  /** When patience is over, by `performance.now()`, unless somebody gets an answer. */
  #endsAt = 0;
  /** How many wait for a place. */
  #waiting = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(most: number, patienceMs: number) {
    this.#pace = new Pace(most);
    this.#most = most;
    this.#patienceMs = patienceMs;
  }

  /** Does it answer nobody? Where few ask at a time, it is enough that all of them failed. */
  get isOut(): boolean {
    return this.#outage.isOut || this.#failures >= this.#most;
  }

  /** How long it still wants to be left alone, as it said itself. */
  get askedMs(): number {
    return this.#askedUntil - performance.now();
  }

  /** A place that is free at once; nothing if there is none. */
  now(): HostTurn | undefined {
    const place = this.#looksAt === undefined ? this.#pace.now() : undefined;
    return place && this.#turnOf(place);
  }

  /** Waits for a place. After an abort it gives none; nor when the host is away. */
  async turn(signal: AbortSignal): Promise<HostTurn | Away | undefined> {
    if (this.#looksAt !== undefined) return this.#look() ?? this.#away();
    const stop = new AbortController();
    const ends = [signal, this.#goneAway.signal].map((it) => follow(it, () => stop.abort()));
    this.#waiting += 1;
    this.#watch();
    const place = await this.#pace.turn(stop.signal);
    this.#waiting -= 1;
    this.#watch();
    for (const end of ends) end();
    if (!stop.signal.aborted) return this.#turnOf(place);
    place("failed");
    return signal.aborted ? undefined : this.#away();
  }

  /** The turn of whoever looks whether the host is back. */
  #look(): HostTurn | undefined {
    if (this.#isLooking || performance.now() < (this.#looksAt ?? 0)) return undefined;
    this.#isLooking = true;
    // It waits for no place: nobody else is asking.
    return this.#turnOf(() => {
      this.#isLooking = false;
    });
  }

  #away(): Away | undefined {
    return this.#failure && { failure: this.#failure, outageMs: this.#outage.ms };
  }

  #turnOf(place: Awaited<ReturnType<Pace["turn"]>>): HostTurn {
    const began = performance.now();
    return {
      answered: (askedMs) => {
        this.#isBack();
        if (askedMs === undefined) return place("well");
        this.#ask(askedMs);
        place({ busy: true, askedMs });
      },
      failed: (failure, askedMs = 0) => {
        this.#failed(began, failure);
        this.#ask(askedMs);
        // A connection that broke says nothing of the host's load, unless all of them break.
        const isBusy = failure.code !== "network" || this.isOut;
        place(isBusy ? { busy: true, askedMs } : "failed");
      },
      left: () => place("failed"),
    };
  }

  #ask(ms: number): void {
    if (ms > 0) this.#askedUntil = Math.max(this.#askedUntil, performance.now() + ms);
  }

  #isBack(): void {
    this.#outage.answered();
    this.#failures = 0;
    this.#watch();
    if (this.#looksAt === undefined) return;
    this.#looksAt = undefined;
    this.#goneAway = new AbortController();
  }

  #failed(began: number, failure: OcisignErrorOf): void {
    this.#outage.failed({ began });
    this.#failures += 1;
    this.#failure = failure;
    const left = this.#patienceMs - this.#outage.ms;
    this.#endsAt = performance.now() + left;
    if (this.isOut && left <= 0) this.#leave();
    else this.#watch();
  }

  #leave(): void {
    this.#looksAt = performance.now() + looksEveryMs;
    this.#goneAway.abort();
    this.#watch();
  }

  /** Whoever waits does not do so longer than patience lasts, as where the rests between two calls have become long. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#waiting === 0 || this.#looksAt !== undefined || !this.isOut) return;
    const left = this.#endsAt - performance.now();
    if (left > longestTimerMs) return;
    this.#timer = setTimeout(() => {
      // A machine that slept meanwhile saw no outage.
      if (performance.now() - this.#endsAt <= longestDelayMs) this.#leave();
    }, left);
  }
}

/** All hosts of a run, by the origins of their URLs. */
export class Hosts {
  readonly #most: number;
  readonly #patienceMs: number;
  readonly #hosts = new Recent<Host>(mostHosts);

  /**
   * @param most calls at the same time, for each host
   * @param patienceMs how long a host may answer nobody before it is away
   */
  constructor(most: number, patienceMs: number) {
    this.#most = most;
    this.#patienceMs = patienceMs;
  }

  of(origin: string): Host {
    const host = this.#hosts.get(origin) ?? new Host(this.#most, this.#patienceMs);
    this.#hosts.set(origin, host);
    return host;
  }
}
