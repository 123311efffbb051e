// Asks for the signatures of a list: each image is a request of its own. A few are under way at a time, and what is in
// doubt is never sent again.

import { codeOf, mayHaveBeenTaken } from "../model/errors.js";

/** So many are under way at a time. */
const atATime = 4;

/** So many failures in a row are no accident: the rest would fail, too. */
const mostInARow = 3;

/** What was wrong with one image says nothing of the next. */
const ofOneImage = new Set(["bad-request", "conflict", "not-found"]);

/**
 * @typedef {"open" | "requested" | "failed" | "inDoubt"} Outcome
 *
 * @typedef {object} Job
 * @property {number} place in the list
 * @property {string} canonical the image
 * @property {Send} send
 * @property {Outcome} outcome
 * @property {import("ocisign").Signing} [signing]
 * @property {unknown} [error]
 *
 * @typedef {(canonical: string, signal: AbortSignal) => Promise<import("ocisign").Signing>} Send
 */

/** The images that were sent as lists, and what came of each. */
export class ListSending {
  /** @type {Job[]} */
  jobs = [];
  /** The jobs by what came of them, in the order of the list; `open` is up to date while nothing runs. @type {Record<Outcome, Job[]>} */
  groups = noGroups();
  isRunning = false;
  /** Why it stopped before its end. @type {"person" | "trouble" | undefined} */
  stopped = undefined;
  #failedInARow = 0;
  #willDraw = false;
  /** @type {import("lit").ReactiveControllerHost} */
  #host;
  /** @type {import("../controllers/acting.js").Acting} */
  #acting;

  /** @param {import("lit").ReactiveControllerHost} host @param {import("../controllers/acting.js").Acting} acting */
  constructor(host, acting) {
    this.#host = host;
    this.#acting = acting;
  }

  /** Sends each, after those of earlier lists. @param {readonly string[]} images canonical, each once @param {Send} send @param {() => void} ended */
  add(images, send, ended) {
    const last = this.jobs.at(-1)?.place ?? 0;
    /** @type {Job[]} */
    const added = images.map((canonical, index) => ({
      ...{ place: last + index + 1, canonical, send },
      outcome: "open",
    }));
    this.jobs = [...this.jobs, ...added];
    this.#go(added, ended);
  }

  /** Sends what was not sent yet, and once more what was refused. @param {() => void} ended */
  goOn(ended) {
    for (const job of this.groups.failed) Object.assign(job, { outcome: "open", error: undefined });
    this.groups.failed = [];
    this.#go(this.#open(), ended);
  }

  /** Takes out what was not sent and what was refused, in order. @returns {string[]} the images */
  takeBack() {
    const isLeft = (/** @type {Job} */ { outcome }) => outcome === "open" || outcome === "failed";
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

  /** Begins no more. What is under way is waited for, so that nothing comes to be in doubt. */
  stop() {
    this.stopped ??= "person";
    this.#draw();
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

  /** @param {readonly Job[]} jobs @param {() => void} ended */
  async #go(jobs, ended) {
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

  /** @param {Iterator<Job>} jobs @param {AbortSignal} signal */
  async #work(jobs, signal) {
    while (!this.stopped && !signal.aborted) {
      const { value: job, done } = jobs.next();
      if (done) return;
      await this.#request(job, signal);
      this.#draw();
    }
  }

  /** @param {Job} job @param {AbortSignal} signal */
  async #request(job, signal) {
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

  /** @param {Job} job @param {Outcome} outcome */
  #settle(job, outcome) {
    const group = this.groups[outcome];
    job.outcome = outcome;
    // A later one may have been answered first.
    const after = group.findLastIndex(({ place }) => place < job.place);
    group.splice(after + 1, 0, job);
  }

  #open() {
    return this.jobs.filter(({ outcome }) => outcome === "open");
  }

  /** At most once a frame: ten thousand answers come faster than anybody reads. */
  #draw() {
    if (this.#willDraw) return;
    this.#willDraw = true;
    requestAnimationFrame(() => {
      this.#willDraw = false;
      this.#host.requestUpdate();
    });
  }
}

/** @returns {Record<Outcome, Job[]>} */
function noGroups() {
  return { open: [], requested: [], failed: [], inDoubt: [] };
}
