// What happens when, earliest first; what happens at the same moment, in the order in which it was planned.

/** @typedef {{ at: number, order: number, act: (() => void) | undefined }} Event `act` is taken away from one that is called off */

/** A binary heap. */
export class EventQueue {
  /** @type {Event[]} */
  #heap = [];
  #planned = 0;

  /** @param {number} at @param {() => void} act @returns {Event} */
  plan(at, act) {
    const event = { at, order: this.#planned++, act };
    this.#heap.push(event);
    this.#rise(this.#heap.length - 1);
    return event;
  }

  /** The next one, taken out. @returns {Event | undefined} */
  next() {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (last && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  /** @param {number} at */
  #rise(at) {
    for (let child = at; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#isBefore(child, parent)) return;
      this.#swap(child, parent);
      child = parent;
    }
  }

  /** @param {number} at */
  #sink(at) {
    for (let parent = at; ; ) {
      let first = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < this.#heap.length && this.#isBefore(child, first)) first = child;
      }
      if (first === parent) return;
      this.#swap(first, parent);
      parent = first;
    }
  }

  /** @param {number} one @param {number} other */
  #isBefore(one, other) {
    const [a, b] = [this.#at(one), this.#at(other)];
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  /** @param {number} one @param {number} other */
  #swap(one, other) {
    [this.#heap[one], this.#heap[other]] = [this.#at(other), this.#at(one)];
  }

  /** @param {number} place */
  #at(place) {
    const event = this.#heap[place];
    if (!event) throw new Error(`there is no event at ${place}`);
    return event;
  }
}
