// Of many comparisons on one page, such as the rows of a batch, only a few are made at a time.

const most = 3;
let running = 0;
const waiting: (() => void)[] = [];

/** Does the work when its turn comes. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
