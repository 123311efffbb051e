// A long list within a result for programs: it is written element by element, and never stands in memory as a whole.
import { isRecord } from "../foreign.ts";
import { visibleJson } from "../shown/visible.ts";

/** So much is written at a time, in characters. */
const pieceLength = 1 << 16;

/** Stands for a list, as a field of a document. Each look at it makes its elements anew. */
export class Each {
  readonly #make: () => Iterable<unknown>;

  constructor(make: () => Iterable<unknown>) {
    this.#make = make;
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.#make()[Symbol.iterator]();
  }

  /** Where the document takes one line, it is written as a whole. */
  toJSON(): unknown[] {
    return [...this];
  }
}

/**
 * A document as {@link visibleJson} writes it, piece by piece.
 *
 * @example
 * for (const piece of jsonPieces({ requested: new Each(() => [1, 2]) })) process.stdout.write(piece);
 */
export function* jsonPieces(document: unknown): Generator<string, void, undefined> {
  let piece = "";
  for (const part of parts(document)) {
    piece += part;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

function* parts(document: unknown): Generator<string, void, undefined> {
  if (!isRecord(document) || !Object.values(document).some((value) => value instanceof Each)) {
    yield visibleJson(document);
    return;
  }
  let before = "{\n";
  for (const [name, value] of Object.entries(document)) {
    if (value === undefined) continue;
    yield `${before}  ${visibleJson(name)}: `;
    if (value instanceof Each) yield* listed(value);
    else yield indented(value, "  ");
    before = ",\n";
  }
  yield "\n}";
}

function* listed(elements: Each): Generator<string, void, undefined> {
  let before = "[\n    ";
  let isEmpty = true;
  for (const element of elements) {
    yield before + indented(element, "    ");
    before = ",\n    ";
    isEmpty = false;
  }
  yield isEmpty ? "[]" : "\n  ]";
}

/** Its first line stands behind something else. */
function indented(value: unknown, by: string): string {
  return visibleJson(value).replaceAll("\n", `\n${by}`);
}
