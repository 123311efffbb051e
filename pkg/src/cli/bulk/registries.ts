// Which registries a list names, and where: a product signs for one. So the list is checked without being read again
// once the product is known.
import type { Product } from "ocisign";
import { type LibraryError, libraryError } from "../library-error.ts";

/** A line with an image of another registry. */
export interface Elsewhere {
  readonly line: number;
  readonly reference: string;
  readonly refused: LibraryError;
}

/** Of each registry so many lines are remembered. */
const samples = 100;
/** A list that names more registries is wrong in nearly every line: of the others only the count is told. */
const mostRegistries = 1000;

interface Named {
  count: number;
  readonly first: { readonly line: number; readonly reference: string }[];
}

export class Registries {
  readonly #named = new Map<string, Named>();
  #others = 0;

  /** The names of them, a thousand at most. */
  get names(): readonly string[] {
    return [...this.#named.keys()];
  }

  /** One of them. */
  get first(): string | undefined {
    return this.#named.keys().next().value;
  }

  note(reference: string, line: number): void {
    const registry = reference.slice(0, reference.indexOf("/"));
    let named = this.#named.get(registry);
    if (!named) {
      if (this.#named.size === mostRegistries) {
        this.#others += 1;
        return;
      }
      named = { count: 0, first: [] };
      this.#named.set(registry, named);
    }
    named.count += 1;
    if (named.first.length < samples) named.first.push({ line, reference });
  }

  /** The lines for which the product does not sign: the first of them, and how many there are. */
  async elsewhere(
    product: Product,
  ): Promise<{ readonly told: readonly Elsewhere[]; readonly count: number }> {
    const { checkRegistry } = await import("ocisign");
    const told: Elsewhere[] = [];
    let count = this.#others;
    for (const { count: lines, first } of this.#named.values()) {
      const [one] = first;
      const refused = one && refusalOf(() => checkRegistry(one.reference, product));
      if (!refused) continue;
      count += lines;
      told.push(...first.map((sample) => ({ ...sample, refused })));
    }
    return { told: told.sort((a, b) => a.line - b.line).slice(0, samples), count };
  }
}

function refusalOf(check: () => void): LibraryError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    const refused = libraryError(error);
    if (!refused) throw error;
    return refused;
  }
}
