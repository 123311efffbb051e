// Work that takes much memory: one piece at a time, however many platforms are compared side by side.

let last: Promise<unknown> = Promise.resolve();

/** Does a piece of work when all before it have ended, however they ended. */
export function alone<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work);
  last = mine.catch(() => {});
  return mine;
}
