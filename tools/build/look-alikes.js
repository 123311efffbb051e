import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";
import { buildWhenStale } from "./stamp.js";

// unhomoglyph: Unicode's table of confusables (UTS #39) as plain JSON. It has no dependencies, its licence is MIT, and
// nothing of it but the characters below reaches the elements.
const table = join(root, "node_modules", "unhomoglyph", "data.json");
const made = join(root, "pkg", "src", "shown", "look-alikes.ts");

/** What stands in references, digests and identifiers. */
const letterOrDigit = /^[A-Za-z0-9]$/;
const inReferences = /^[A-Za-z0-9/:.@_-]$/;
/** To the table these are letters of their own, and hardly any other letter looks like them. */
const smallCapitals = [..."ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ"];
/** Their neighbours, which are turned, joined or of other alphabets. */
const phonetic = range(0x1d00, 0x1d2b);
/** Clicks, and a j without its dot: the table takes them for two letters, for `!`, or does not have them yet. */
const beyondTheTable = [..."ǁǂǃȷ"];
/** Letters of Turkish, Skolt Sámi and Ewe, two dashes and a sign of everyday texts. */
const inPlainTexts = new Set("ıƷɣʋ‒–×");

/** Scripts whose words run the other way, or that are written beside a Latin word without a space. */
const posesInNoWord = new RegExp(
  `[${["Arab", "Hebr", "Nkoo", "Mend", "Hani", "Hira", "Kana", "Hang", "Bopo", "Thai", "Laoo", "Khmr"]
    .map((script) => `\\p{sc=${script}}`)
    .join("")}]`,
  "u",
);
const ofNoOtherScript = /[\p{sc=Latn}\p{sc=Zyyy}\p{sc=Zinh}]/u;

/** Writes the module with the look-alikes of ASCII, for hidden-characters.ts. */
export function writeLookAlikes() {
  return buildWhenStale(join(root, "target", "look-alikes.stamp"), {
    extraInputs: [table, "tools/build/look-alikes.js"],
    build: async () => {
      writeFileSync(made, moduleText());
      // It lies among the sources: a change by hand is undone.
      return { inputs: [made], outputs: [made] };
    },
  });
}

function moduleText() {
  return `// Made by tools/build/look-alikes.js, from Unicode's table of confusables. code-points.ts reads the strings.

/** Letters of other scripts that look like a letter or digit of ASCII, or like a small capital. */
export const letters =
  "${runs(letters())}";
/** Characters that look like one of a reference, and that plain texts do not have. */
export const signs =
  "${runs(signs())}";
`;
}

function letters() {
  const { confusables, prototypeOf } = readTable();
  const capitals = new Set(smallCapitals.map(prototypeOf));
  return confusables.filter((it) => {
    const isLetter = /\p{L}/u.test(it) && !ofNoOtherScript.test(it) && !posesInNoWord.test(it);
    return isLetter && (letterOrDigit.test(prototypeOf(it)) || capitals.has(prototypeOf(it)));
  });
}

function signs() {
  const { confusables, prototypeOf } = readTable();
  const found = confusables.filter((it) => {
    const isSign = ofNoOtherScript.test(it) || (/\p{sc=Lisu}/u.test(it) && !/\p{L}/u.test(it));
    return (
      isSign && !/[\p{M}\p{Nd}]/u.test(it) && inReferences.test(prototypeOf(it)) && !inPlainTexts.has(it)
    );
  });
  return [...found, ...smallCapitals, ...phonetic, ...beyondTheTable];
}

function readTable() {
  /** @type {Record<string, string>} */
  const prototypes = JSON.parse(readFileSync(table, "utf8"));
  return {
    confusables: Object.keys(prototypes).filter((it) => [...it].length === 1 && it > "\x7f"),
    prototypeOf: (/** @type {string} */ it) => prototypes[it] ?? it,
  };
}

/**
 * Characters as runs: how far each is from the end of the one before, and how long it is, to base 36.
 *
 * @param {string[]} characters
 */
function runs(characters) {
  const codes = [...new Set(characters.map((it) => /** @type {number} */ (it.codePointAt(0))))].sort(
    (a, b) => a - b,
  );
  /** @type {{ first: number, end: number }[]} */
  const found = [];
  for (const code of codes) {
    const last = found.at(-1);
    if (last?.end === code) last.end += 1;
    else found.push({ first: code, end: code + 1 });
  }
  const told = found.map(({ first, end }, index) => {
    const gap = (first - (found[index - 1]?.end ?? 0)).toString(36);
    return end - first === 1 ? gap : `${gap}.${(end - first).toString(36)}`;
  });
  return told.join(" ");
}

/** @param {number} first @param {number} last */
function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index));
}
