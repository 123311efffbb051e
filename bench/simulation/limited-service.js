// A service that limits how many requests it takes: a token bucket, as gateways have it. What is too much gets 429, and a
// Retry-After in whole seconds.

export class LimitedService {
  #rate;
  #burst;
  #tokens;
  #filledAt = 0;
  /** The least of what was taken before a moment, less what the rate allows until then. */
  #least = 0;
  /** How many requests it took, and how many it refused. */
  taken = 0;
  refused = 0;
  /** The most that it took in any span of time, beyond what the rate allows in this span. */
  mostAtOnce = 0;

  /** @param {{ rate: number, burst: number }} limit requests a second, and how many may come at once */
  constructor({ rate, burst }) {
    this.#rate = rate / 1_000;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** @param {number} now in milliseconds @returns {number | undefined} how long a refused client shall wait, in milliseconds */
  ask(now) {
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#filledAt) * this.#rate);
    this.#filledAt = now;
    // Sums of fractions are not exact.
    if (this.#tokens > 1 - 1e-9) {
      this.#tokens -= 1;
      this.#note(now);
      return undefined;
    }
    this.refused += 1;
    return Math.ceil((1 - this.#tokens) / this.#rate / 1_000) * 1_000;
  }

  /** Counts on its own, beside the bucket: a mistake of the bucket is seen here. @param {number} now */
  #note(now) {
    this.#least = Math.min(this.#least, this.taken - this.#rate * now);
    this.taken += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.taken - this.#rate * now - this.#least);
  }
}
