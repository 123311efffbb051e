// One machine of many: it has a shard of the images, and paces its requests with the package's own class.

/**
 * @typedef {object} Costs
 * @property {number} latencyMs of a request that is taken
 * @property {number} refusalMs of one that is refused
 * @property {number} reads requests beside the POST, an image: the list, in which many are waited for at once
 *
 * @typedef {object} World
 * @property {import("./limited-service.js").LimitedService} service
 * @property {{ now: () => number, after: (ms: number) => Promise<void> }} time
 * @property {() => number} random
 * @property {Costs} costs
 * @property {(image: number) => void} posted
 */

export class Worker {
  #world;
  #pace;
  #images;
  #next = 0;
  #owedReads = 0;
  /** How many of its images are requested, and when the last one was. */
  done = 0;
  endedAt = 0;

  /** @param {World} world @param {any} pace @param {Uint32Array} images */
  constructor(world, pace, images) {
    this.#world = world;
    this.#pace = pace;
    this.#images = images;
  }

  get size() {
    return this.#images.length;
  }

  /** @param {number} concurrency */
  async run(concurrency) {
    await Promise.all(Array.from({ length: Math.min(concurrency, this.size) }, () => this.#work()));
  }

  async #work() {
    while (this.#next < this.size) {
      const image = /** @type {number} */ (this.#images[this.#next++]);
      await this.#request();
      this.#world.posted(image);
      this.done += 1;
      this.endedAt = this.#world.time.now();
      this.#owedReads += this.#world.costs.reads;
      while (this.#owedReads >= 1) {
        // Before it is made: others of this machine look here meanwhile.
        this.#owedReads -= 1;
        await this.#request();
      }
    }
  }

  /** Until the service takes it. */
  async #request() {
    const { service, time, random, costs } = this.#world;
    for (;;) {
      const ended = await this.#pace.turn();
      const askedMs = service.ask(time.now());
      const usual = askedMs === undefined ? costs.latencyMs : costs.refusalMs;
      await time.after(usual * (0.5 + random()));
      ended(askedMs === undefined ? "well" : { busy: true, askedMs });
      if (askedMs === undefined) return;
    }
  }
}
