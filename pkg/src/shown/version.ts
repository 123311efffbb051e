// The version that a requester names in the metadata, as people call it: a row whose name is "Version", in any case. It
// stands beside what the service says, without a title.
import type { RequestView } from "./request-view.ts";

/**
 * Nothing where no row, or more than one, has that name, or where its value is no version: then the rows themselves have
 * to be read.
 */
export function versionOf({ metadata }: Pick<RequestView, "metadata">): string | undefined {
  const [row, ...more] = metadata.filter(({ name }) => name.trim().toLowerCase() === "version");
  return more.length === 0 && row && isVersion(row.value) ? row.value : undefined;
}

/** One word with a digit. A sentence without its title could imitate what a page says, such as who has approved. */
export function isVersion(text: string): boolean {
  return /^(?=.*\d)[\w.+~:-]{1,60}$/.test(text);
}
