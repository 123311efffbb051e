// A night's images, signed by many machines against a service that limits its rate, event by event in virtual time.
import { randomNumbers } from "../../tests/support/random.js";
import { importSource } from "../../tests/support/source.js";
import { LimitedService } from "./limited-service.js";
import { inVirtualTime } from "./virtual-time.js";
import { Worker } from "./worker.js";

/**
 * @typedef {object} Scenario
 * @property {number} images
 * @property {number} workers machines, each with a shard
 * @property {number} concurrency requests that a machine has under way at most
 * @property {number} rate requests a second that the service takes, of all together
 * @property {number} burst how many it takes at once
 * @property {import("./worker.js").Costs} costs
 * @property {number} seed
 *
 * @typedef {object} Result
 * @property {number} images that were requested
 * @property {number} repeated of these, more than once: a mistake
 * @property {number} seconds
 * @property {number} requests that the service took, and refused
 * @property {number} refused
 * @property {number} utilisation what the service took, as a part of what it would have taken in this time
 * @property {number} fairness Jain's index over the machines' progress when the first has ended: 1 if all are equal, 1/n if one had it all
 * @property {number} firstEnd when the first machine was ready, as a part of the whole time
 * @property {number} mostAtOnce beyond the rate, in any span: at most the burst
 */

/** @param {Scenario} scenario @returns {Promise<Result>} */
export async function simulate({ images, workers: count, concurrency, rate, burst, costs, seed }) {
  const { Pace } = await importSource("pkg/src/http/pace.ts");
  const numbers = randomNumbers(seed);
  const random = () => numbers(2 ** 30) / 2 ** 30;
  const service = new LimitedService({ rate, burst });
  const posted = new Uint8Array(images);
  let repeated = 0;
  const note = (/** @type {number} */ image) => {
    if (posted[image]) repeated += 1;
    posted[image] = 1;
  };
  return inVirtualTime(random, async (time) => {
    const world = { service, time, random, costs, posted: note };
    const workers = shards(images, count, numbers).map(
      (shard) => new Worker(world, new Pace(concurrency), shard),
    );
    /** @type {number[]} */
    let progress = [];
    await Promise.all(
      workers.map(async (worker) => {
        await worker.run(concurrency);
        if (progress.length === 0) progress = workers.map(({ done, size }) => (size === 0 ? 1 : done / size));
      }),
    );
    const end = Math.max(...workers.map(({ endedAt }) => endedAt));
    return {
      images: posted.reduce((sum, one) => sum + one, 0),
      repeated,
      seconds: end / 1_000,
      requests: service.taken + service.refused,
      refused: service.refused,
      utilisation: service.taken / (burst + (rate * time.now()) / 1_000),
      fairness: jain(progress),
      firstEnd: Math.min(...workers.filter(({ size }) => size > 0).map(({ endedAt }) => endedAt)) / end,
      mostAtOnce: service.mostAtOnce,
    };
  });
}

/** Each image goes to a machine by chance, as by its hash. @param {number} images @param {number} count @param {(limit: number) => number} random */
function shards(images, count, random) {
  const owner = Uint32Array.from({ length: images }, () => random(count));
  const sizes = new Uint32Array(count);
  for (const it of owner) sizes[it] = (sizes[it] ?? 0) + 1;
  const all = Array.from(sizes, (size) => ({ images: new Uint32Array(size), filled: 0 }));
  for (const [image, it] of owner.entries()) {
    const shard = all[it];
    if (shard) shard.images[shard.filled++] = image;
  }
  return all.map((shard) => shard.images);
}

/** @param {number[]} values */
function jain(values) {
  const sum = values.reduce((all, one) => all + one, 0);
  const squares = values.reduce((all, one) => all + one * one, 0);
  return squares === 0 ? 1 : sum ** 2 / (values.length * squares);
}
