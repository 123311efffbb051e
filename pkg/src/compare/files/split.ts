// Which layers two images share, in the same order, and which are their own.

/** A layer of one image only, and its place from the bottom. */
export interface Own<T> {
  readonly layer: T;
  readonly at: number;
}

export interface Split<T> {
  /** Places from the bottom, in order. */
  readonly shared: readonly number[];
  readonly own: readonly Own<T>[];
}

/** More layers than these, in the middle, count as own: each pair of them is looked at. */
const mostCompared = 500;

/** @param identityOf what two have in common that are the same */
export function splitLayers<T>(
  before: readonly T[],
  after: readonly T[],
  identityOf: (layer: T) => string,
): readonly [Split<T>, Split<T>] {
  const pairs = sharedPairs(before.map(identityOf), after.map(identityOf));
  return [
    splitBy(
      before,
      pairs.map(([at]) => at),
    ),
    splitBy(
      after,
      pairs.map(([, at]) => at),
    ),
  ];
}

function splitBy<T>(layers: readonly T[], shared: readonly number[]): Split<T> {
  const isShared = new Set(shared);
  const own = layers.map((layer, at) => ({ layer, at })).filter(({ at }) => !isShared.has(at));
  return { shared, own };
}

type Pair = readonly [before: number, after: number];

/** The longest row of layers that both have in the same order. */
function sharedPairs(before: readonly string[], after: readonly string[]): Pair[] {
  const isSame = (one: number, other: number) =>
    one >= 0 && other >= 0 && one < before.length && other < after.length && before[one] === after[other];
  let start = 0;
  while (isSame(start, start)) start++;
  let [end, otherEnd] = [before.length, after.length];
  while (end > start && otherEnd > start && isSame(end - 1, otherEnd - 1)) {
    end--;
    otherEnd--;
  }
  const below = range(0, start).map((at): Pair => [at, at]);
  const above = range(0, before.length - end).map((at): Pair => [end + at, otherEnd + at]);
  return [...below, ...commonPairs(start, end, otherEnd, isSame), ...above];
}

/** The longest common subsequence of what is in between. */
function commonPairs(
  start: number,
  end: number,
  otherEnd: number,
  isSame: (one: number, other: number) => boolean,
): Pair[] {
  const [rows, columns] = [end - start, otherEnd - start];
  if (rows === 0 || columns === 0 || rows > mostCompared || columns > mostCompared) return [];
  const width = columns + 1;
  const lengths = new Uint16Array((rows + 1) * width);
  const length = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      lengths[row * width + column] = isSame(start + row, start + column)
        ? length(row + 1, column + 1) + 1
        : Math.max(length(row + 1, column), length(row, column + 1));
    }
  }
  const pairs: Pair[] = [];
  for (let [row, column] = [0, 0]; row < rows && column < columns; ) {
    if (isSame(start + row, start + column)) pairs.push([start + row++, start + column++]);
    else if (length(row + 1, column) >= length(row, column + 1)) row++;
    else column++;
  }
  return pairs;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}
