// Where pages begin that were read before. Not every service can leave out the first thousand elements of a list: then
// only its last page knows where it goes on.

/** The beginning of a page; without a URL, the end of the list. */
export interface Start {
  readonly offset: number;
  readonly url: string | undefined;
}

/** Of so many lists, and of so many pages of each. */
const most = { lists: 20, pages: 2000 };

export class Positions {
  /** By the URL of the list's first page. */
  readonly #lists = new Map<string, Map<number, Start>>();

  /** The last known beginning that is not behind an offset. */
  before(list: string, offset: number, beginning: Start): Start {
    let found = beginning;
    for (const start of this.#lists.get(list)?.values() ?? []) {
      if (start.offset <= offset && start.offset > found.offset) found = start;
    }
    return found;
  }

  keep(list: string, start: Start): void {
    const known = this.#lists.get(list) ?? new Map<number, Start>();
    // The list has grown, or shrunk.
    for (const { offset, url } of known.values()) if (url === undefined) known.delete(offset);
    if (known.size < most.pages) known.set(start.offset, start);
    // The one that was used last stands at the end.
    this.#lists.delete(list);
    this.#lists.set(list, known);
    const [oldest] = this.#lists.keys();
    if (this.#lists.size > most.lists && oldest !== undefined) this.#lists.delete(oldest);
  }

  forget(list: string): void {
    this.#lists.delete(list);
  }
}
