// What a writer of policies gives, and the little of YAML that its files need.
import type { Digest } from "../../image/reference.ts";

/** A file of an export. */
export interface ExportedFile {
  /** Where it belongs, from the folder that the export is written into. */
  readonly path: string;
  /** Its content. */
  readonly text: string;
}

/** What a writer made of a plan. */
export interface Written {
  readonly files: readonly ExportedFile[];
  /** What the consumer cannot be told: it refuses what it would have to admit. Each names its rule. */
  readonly notExpressed: readonly string[];
  /** What the consumer does otherwise, whatever is written. */
  readonly limits: readonly string[];
}

/** The rule's name, as messages say it. */
export function ruleCalled({ name }: { readonly name: string }): string {
  return `rule ${JSON.stringify(name)}`;
}

/** Digests, in the middle of a sentence. */
export function listed(texts: readonly (string | Digest)[]): string {
  return texts.join(", ");
}

/** A string of JSON is one of YAML, of CEL and of Rego. */
export function inJson(text: string): string {
  return JSON.stringify(text);
}

/** Lines of a text, each behind as many blanks. */
export function indented(text: string, blanks: number): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? line : " ".repeat(blanks) + line))
    .join("\n");
}

/** Comments, a line each. A name in them cannot end its line. */
export function comments(lines: readonly string[]): string {
  return lines.map((line) => `# ${line.replace(/[\p{Cc}\u2028\u2029]/gu, " ")}\n`).join("");
}

/** What a file says at its head: who wrote it, what is lost, and when it has to be written again. */
export function head(to: string, notExpressed: readonly string[], renewBefore?: string): string {
  return comments([
    `Written by \`ocisign trust export --to ${to}\`. Change the trust file and export again.`,
    ...notExpressed.map((loss) => `Not expressed: ${loss}`),
    ...(renewBefore === undefined
      ? []
      : [`Export again before ${renewBefore}: then a key begins or ceases to count.`]),
  ]);
}
