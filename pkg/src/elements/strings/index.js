// All that people read, in one place. Elements ask for a string when they draw, so a portal may replace any at any
// time, before or after the elements are on its page.
import { approvals } from "./approvals.js";
import { common } from "./common.js";
import { request } from "./request.js";
import { signing } from "./signing.js";
import { text } from "./text.js";
import { verify } from "./verify.js";

export const strings = { common, text, request, approvals, signing, verify };

/** Replaces strings; what is not named stays as it is. @param {Record<string, Record<string, any>>} replacements */
export function setStrings(replacements) {
  for (const [part, words] of Object.entries(replacements)) {
    const known = /** @type {Record<string, any>} */ (strings)[part];
    if (!known)
      throw new TypeError(
        `There are no strings named ${part}: choose from ${Object.keys(strings).join(", ")}.`,
      );
    for (const [name, word] of Object.entries(words)) {
      if (typeof word !== typeof known[name]) {
        throw new TypeError(
          `The string ${part}.${name} has to be a ${typeof known[name]}, not a ${typeof word}.`,
        );
      }
      known[name] = typeof word === "object" ? { ...known[name], ...word } : word;
    }
  }
}
