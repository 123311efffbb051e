// All visible texts, in one place. Elements read a string when they draw, so a portal may replace any of them at any
// time, before or after the elements are on its page.
import { activity } from "./activity.ts";
import { approvals } from "./approvals.ts";
import { batch } from "./batch.ts";
import { changes } from "./changes.ts";
import { common } from "./common.ts";
import { request } from "./request.ts";
import { signing } from "./signing.ts";
import { text } from "./text.ts";
import { verify } from "./verify.ts";

export const strings = {
  common,
  text,
  request,
  approvals,
  batch,
  signing,
  verify,
  activity,
  changes,
} satisfies Record<StringsPart, object>;

/** The parts of {@link strings}. */
export type StringsPart =
  | "common"
  | "text"
  | "request"
  | "approvals"
  | "batch"
  | "signing"
  | "verify"
  | "activity"
  | "changes";

/**
 * Replaces strings, to translate or to speak as one's house does. What is not named stays as it is.
 *
 * @throws {TypeError} for a string that does not exist, or of another kind.
 * @example
 * ```ts
 * import { setStrings } from "ocisign/elements";
 *
 * setStrings({ common: { copy: "Kopioi" } });
 * ```
 */
export function setStrings(
  replacements: {
    readonly [Part in StringsPart]?: Readonly<Record<string, unknown>>;
  },
): void {
  const parts: Record<string, Record<string, unknown>> = strings;
  for (const [part, words] of Object.entries(replacements)) {
    const known = parts[part];
    if (!known)
      throw new TypeError(
        `There are no strings named ${part}: choose from ${Object.keys(strings).join(", ")}.`,
      );
    for (const [name, word] of Object.entries(words))
      known[name] = replacement(`${part}.${name}`, known[name], word);
  }
}

/** What stands in place of a string; a group of strings keeps those that are not replaced. */
function replacement(name: string, before: unknown, word: unknown) {
  if (typeof word !== typeof before)
    throw new TypeError(`The string ${name} has to be a ${typeof before}, not a ${typeof word}.`);
  return typeof word === "object" && typeof before === "object" ? { ...before, ...word } : word;
}
