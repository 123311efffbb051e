// `--signed-as`: which names stand for which. What a prefix may be, the library says.
import { readText } from "./input.ts";
import { texts } from "./options.ts";
import { usage } from "./problem.ts";
import { shownPath } from "./withheld.ts";

export const signedAsOption = texts(
  "--signed-as <prefix=prefix|file>",
  "a mirror's prefix, and what its signatures name; may be repeated",
);

/** Each as it is typed, or a file with one a line: in a file, empty lines and those that begin with # count for nothing. */
export function readSignedAs(given: readonly string[] | undefined): Record<string, string> | undefined {
  if (given === undefined) return undefined;
  const map = new Map<string, string>();
  for (const { text, place } of given.flatMap(rulesIn)) {
    const [prefix = "", signedPrefix, ...more] = text.split("=").map((part) => part.trim());
    if (!prefix || !signedPrefix || more.length > 0) {
      const fix = "Write each as PREFIX=PREFIX, such as mirror.example/hub=docker.io.";
      throw usage(`${place} has something else than two prefixes.`, fix);
    }
    if ((map.get(prefix) ?? signedPrefix) !== signedPrefix) {
      throw usage(`${place} has a prefix that stands for something else already.`, "Leave one of them out.");
    }
    map.set(prefix, signedPrefix);
  }
  if (map.size === 0) throw usage("--signed-as names no prefix.", "Write PREFIX=PREFIX into its file.");
  return Object.fromEntries(map);
}

function rulesIn(given: string): { readonly text: string; readonly place: string }[] {
  if (given.includes("=")) return [{ text: given, place: "--signed-as" }];
  const name = shownPath(given) ?? "the file";
  return readText(given, "--signed-as")
    .split(/\r\n?|\n/)
    .map((line, at) => ({ text: line.trim(), place: `--signed-as: ${name}:${at + 1}` }))
    .filter(({ text }) => text !== "" && !text.startsWith("#"));
}
