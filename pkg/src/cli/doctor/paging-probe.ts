// Does a list go on, though its reply does not tell how? By asking for more, in the names that services use.
import type { Paging } from "./list-form.ts";

/** What services call these parameters, the usual names first. */
const offsets = ["offset", "skip", "start", "$skip", "startIndex"];
const pages = ["page", "pageNumber", "pageNo", "pageIndex", "p"];

/** Asks for the list with this query, and gives its elements; nothing if it could not be read. */
type Ask = (query: string) => Promise<readonly unknown[] | undefined>;

/** How to ask for the next page, if asking so gives other elements than the first page has. */
export async function probePaging(first: readonly unknown[], ask: Ask): Promise<Paging | undefined> {
  if (first.length === 0) return undefined;
  const goesOn = async (query: string) => isOther(first, await ask(query));
  for (const offset of offsets) {
    if (await goesOn(`${encodeURIComponent(offset)}=${first.length}`)) return { offset };
  }
  for (const page of pages) {
    // Where pages count from 0, number 1 is the second one already.
    if (await goesOn(`${page}=1`)) return { page, first: 0 };
    if (await goesOn(`${page}=2`)) return { page, first: 1 };
  }
  return undefined;
}

/** Other elements, and some: a service that does not know the parameter answers with the same ones. */
function isOther(first: readonly unknown[], next: readonly unknown[] | undefined): boolean {
  if (!next || next.length === 0) return false;
  const known = new Set(first.map((element) => JSON.stringify(element)));
  return next.every((element) => !known.has(JSON.stringify(element)));
}
