// Asks for the signatures of a list: each image is a request of its own. A few are under way at a time. A request whose
// outcome is unknown is never sent again.

import type { ReactiveControllerHost } from "lit";
import type { Signing } from "ocisign";
import type { Acting } from "../controllers/acting.ts";
import { codeOf, mayHaveBeenTaken } from "../model/errors.ts";

/** The number of requests that are under way at a time. */
const atATime = 4;

/** This number of failures in a row is no accident: the rest would fail, too. */
const mostInARow = 3;

/** Errors of one image, which say nothing of the next. */
const ofOneImage = new Set(["bad-request", "conflict", "not-found"]);

export type Outcome = "open" | "requested" | "failed" | "inDoubt";

export interface Job {
  /** In the list. */
  place: number;
  /** The image. */
  canonical: string;
  send: Send;
  /** All requests of one sending bear it. */
  batch?: string | undefined;
  outcome: Outcome;
  signing?: Signing;
  error?: unknown;
}

export type Send = (canonical: string, signal: AbortSignal) => Promise<Signing>;

/** The images that were sent as lists, and the outcome of each. */
export class ListSending {
  jobs: Job[] = [];
  /** The jobs by their outcome, in the order of the list; `open` is up to date while nothing runs. */
  groups: Record<Outcome, Job[]> = noGroups();
  isRunning = false;
  /** Why it stopped before its end. */
  stopped: "person" | "trouble" | undefined = undefined;
  #failedInARow = 0;
  #willDraw = false;
  #host: ReactiveControllerHost;
  #acting: Acting;

  constructor(host: ReactiveControllerHost, acting: Acting) {
    this.#host = host;
    this.#acting = acting;
  }

  /**
   * Sends each, after those of earlier lists.
   *
   * @param images canonical, each once
   */
  add(images: readonly string[], send: Send, ended: () => void, batch?: string) {
    const last = this.jobs.at(-1)?.place ?? 0;
    const added: Job[] = images.map((canonical, index) => ({
      ...{ place: last + index + 1, canonical, send, batch },
      outcome: "open",
    }));
    this.jobs = [...this.jobs, ...added];
    this.#go(added, ended);
  }

  /** Sends the images that were not sent yet, and again those that were refused. */
  goOn(ended: () => void) {
    for (const job of this.groups.failed) Object.assign(job, { outcome: "open", error: undefined });
    this.groups.failed = [];
    this.#go(this.#open(), ended);
  }

  /**
   * Takes out the images that were not sent and those that were refused, in order.
   *
   * @returns the images
   */
  takeBack(): string[] {
    const isLeft = ({ outcome }: Job) => outcome === "open" || outcome === "failed";
    const left = this.jobs.filter(isLeft);
    this.jobs = this.jobs.filter((job) => !isLeft(job));
    Object.assign(this.groups, { open: [], failed: [] });
    this.stopped = undefined;
    return left.map(({ canonical }) => canonical);
  }

  /** All were taken. */
  get isThrough() {
    return this.groups.requested.length === this.jobs.length;
  }

  /** Begins no more requests. Those under way go on, so that the outcome of each is known. */
  stop() {
    this.stopped ??= "person";
    this.#draw();
  }

  /** Shows what was sent before, such as before the page was loaded again. */
  show(signings: readonly Signing[], canonicalOf: (signing: Signing) => string, batch: string) {
    const send = () => Promise.reject(new Error("it is requested already"));
    this.jobs = signings.map((signing, index) => ({
      ...{ place: index + 1, canonical: canonicalOf(signing), send, batch, signing },
      outcome: "requested",
    }));
    this.groups = { ...noGroups(), requested: [...this.jobs] };
    this.#draw();
  }

  /** The batches that were sent, each once. */
  get batches(): readonly string[] {
    return [...new Set(this.jobs.flatMap(({ batch }) => batch ?? []))];
  }

  /** Forgets the list. */
  clear() {
    this.jobs = [];
    this.groups = noGroups();
    this.stopped = undefined;
    this.#draw();
  }

  /** How many have come to an end. */
  get settled() {
    const { requested, failed, inDoubt } = this.groups;
    return requested.length + failed.length + inDoubt.length;
  }

  async #go(jobs: readonly Job[], ended: () => void) {
    this.isRunning = true;
    this.stopped = undefined;
    this.#failedInARow = 0;
    this.#draw();
    const { signal } = this.#acting;
    const next = jobs.values();
    await Promise.all(Array.from({ length: atATime }, () => this.#work(next, signal)));
    this.groups.open = this.#open();
    if (signal.aborted) this.stopped ??= "person";
    this.isRunning = false;
    this.#draw();
    ended();
  }

  async #work(jobs: Iterator<Job>, signal: AbortSignal) {
    while (!this.stopped && !signal.aborted) {
      const next = jobs.next();
      if (next.done) return;
      await this.#request(next.value, signal);
      this.#draw();
    }
  }

  async #request(job: Job, signal: AbortSignal) {
    try {
      job.signing = await job.send(job.canonical, signal);
      this.#settle(job, "requested");
      this.#failedInARow = 0;
    } catch (error) {
      job.error = error;
      this.#settle(job, mayHaveBeenTaken(error) ? "inDoubt" : "failed");
      this.#failedInARow = ofOneImage.has(String(codeOf(error))) ? 0 : this.#failedInARow + 1;
      if (this.#failedInARow >= mostInARow) this.stopped ??= "trouble";
    }
  }

  #settle(job: Job, outcome: Outcome) {
    const group = this.groups[outcome];
    job.outcome = outcome;
    // A later one may have been answered first.
    const after = group.findLastIndex(({ place }) => place < job.place);
    group.splice(after + 1, 0, job);
  }

  #open() {
    return this.jobs.filter(({ outcome }) => outcome === "open");
  }

  /** At most once a frame: ten thousand answers come faster than a person reads. */
  #draw() {
    if (this.#willDraw) return;
    this.#willDraw = true;
    requestAnimationFrame(() => {
      this.#willDraw = false;
      this.#host.requestUpdate();
    });
  }
}

function noGroups(): Record<Outcome, Job[]> {
  return { open: [], requested: [], failed: [], inDoubt: [] };
}
