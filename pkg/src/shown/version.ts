// The version that a requester names in the metadata, as people call it: a row whose name is "Version", in any case.
import type { RequestView } from "./request-view.ts";

/** Nothing where no row, or more than one, has that name: then the rows themselves have to be read. */
export function versionOf({ metadata }: Pick<RequestView, "metadata">): string | undefined {
  const [row, ...more] = metadata.filter(({ name }) => name.trim().toLowerCase() === "version");
  return more.length > 0 || row?.value === "" ? undefined : row?.value;
}
