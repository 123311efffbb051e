// Work that is done side by side, and told in the order of what it was done for.

/** So many signatures of an image are judged at the same time, and so many manifests read that may name some. */
const most = 8;

/**
 * Does some work for each of a list, a few at a time. What came of it is handed on one after the other, in the list's
 * order. What work throws first, in that order, is thrown when nothing of it goes on any more.
 *
 * @param take returns false when the rest is not wanted; what is under way is waited for
 */
export async function inOrder<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  take: (result: Result, item: Item) => boolean | Promise<boolean>,
  atOnce = most,
): Promise<void> {
  const underWay: { readonly item: Item; readonly result: Promise<Result> }[] = [];
  let next = 0;
  const begin = () => {
    while (next < items.length && underWay.length < atOnce) {
      const item = items[next++] as Item;
      const result = work(item);
      // Nobody waits for it before its turn: it must not count as a rejection that nobody handles.
      result.catch(() => {});
      underWay.push({ item, result });
    }
  };
  begin();
  try {
    for (let first = underWay.shift(); first; first = underWay.shift()) {
      const result = await first.result;
      begin();
      if (!(await take(result, first.item))) return;
      begin();
    }
  } finally {
    await Promise.allSettled(underWay.map(({ result }) => result));
  }
}

/** What all of them came to. What is thrown first, in their order, is thrown when all have ended. */
export async function allOf<Result>(works: readonly Promise<Result>[]): Promise<Result[]> {
  if (works.length > 1) await Promise.allSettled(works);
  return Promise.all(works);
}

/** Lets a few pieces of work go on at a time; the others wait for their turn. Once one has thrown, none begins any more. */
export class Turns {
  #underWay = 0;
  #waiting: (() => void)[] = [];
  #failure: { readonly error: unknown } | undefined;

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#underWay === most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#underWay += 1;
    try {
      if (this.#failure) throw this.#failure.error;
      return await work();
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    } finally {
      // Whoever waits takes the place over.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#underWay -= 1;
    }
  }
}
