// Long work in slices: between two of them a page answers to the person, and draws. No import.

/** So long a slice lasts, in milliseconds: a browser that draws sixty times a second has hardly longer. */
const sliceMs = 10;

/**
 * Work that looks at `isOver` after each small part, and then waits for the `next` slice.
 *
 * @example
 * ```ts
 * const slices = new Slices();
 * for (const part of parts) {
 *   if (slices.isOver) await slices.next();
 *   work(part);
 * }
 * ```
 */
export class Slices {
  #end = performance.now() + sliceMs;

  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** Lets go of the thread until nothing more urgent waits. */
  async next(): Promise<void> {
    await yielded();
    this.#end = performance.now() + sliceMs;
  }

  /** Each one's result, in order. */
  async map<From, To>(all: readonly From[], work: (one: From, at: number) => To): Promise<To[]> {
    const done: To[] = [];
    for (const [at, one] of all.entries()) {
      if (this.isOver) await this.next();
      done.push(work(one, at));
    }
    return done;
  }
}

function yielded(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: { yield?: () => Promise<void> } };
  if (typeof scheduler?.yield === "function") return scheduler.yield();
  return new Promise((resolve) => {
    // A timer in a page that is hidden waits for a second.
    if (typeof MessageChannel !== "function") return setTimeout(resolve);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    return port2.postMessage(undefined);
  });
}
