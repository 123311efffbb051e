// The tables of references that the tests judge by.
import { readFileSync } from "node:fs";

/** @typedef {{ text: string, verdict: string }} Row a verdict is `=` and the canonical form, or an error's code */

/** @returns {Row[]} */
export function rows() {
  return ["references-distribution.tsv", "references-ours.tsv"].flatMap((name) => {
    const table = readFileSync(new URL(`../../tests/${name}`, import.meta.url), "utf8");
    const lines = table.split("\n").filter((line) => line && !line.startsWith("#"));
    return lines.map((line) => {
      const [text = "", verdict = ""] = line.split("\t");
      return { text: written(text), verdict: written(verdict) };
    });
  });
}

/** @type {Record<string, string>} */
const characters = { n: "\n", r: "\r", t: "\t", "\\": "\\" };

/** @param {string} text with what the tables write out */
function written(text) {
  const repeated = (/** @type {string} */ _, /** @type {string} */ part, /** @type {string} */ times) =>
    part.repeat(Number(times));
  const character = (/** @type {string} */ _, /** @type {string} */ name, /** @type {string} */ hex) =>
    hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : (characters[name] ?? name);
  return text
    .replaceAll(/\{([^{}*]+)\*(\d+)\}/g, repeated)
    .replaceAll(/\\(n|r|t|\\|u\{([0-9a-f]+)\})/g, character);
}
