// A script's options, read before anything is installed or built, so that `--help` answers at once.
import { parseArgs } from "node:util";

/**
 * Reads what stands after `--`. `--help` shows how the script is used, and ends it; a mistake ends it with one sentence.
 *
 * @template {NonNullable<import("node:util").ParseArgsConfig["options"]>} O
 * @param {string} usage @param {O} options beside `--help`
 * @returns {ReturnType<typeof parseArgs<{ options: O }>>["values"]}
 */
export function readOptions(usage, options) {
  const known = { ...options, help: /** @type {const} */ ({ type: "boolean" }) };
  // Not strict: Node's own sentences are longer than one, and differ between its versions.
  const config = /** @type {const} */ ({
    options: known,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const { values, tokens } = parseArgs(config);
  const mistake = mistakeIn(tokens, known);
  if (mistake) refuse(mistake);
  if (values.help) {
    console.log(wrapped(usage));
    process.exit(0);
  }
  // Each was compared with `options` above, as strict reading does.
  return /** @type {any} */ (values);
}

/** What a terminal beside an editor has room for. */
const mostColumns = 100;

/** Paragraphs and explanations of options in lines that fit; an explanation stays in its column. @param {string} usage */
function wrapped(usage) {
  const paragraphs = usage.replace(/^(\S.*)\n(?=\S)/gm, "$1 ");
  const whole = paragraphs.replace(/^( {2}-.*)\n {4,}(?=\S)/gm, "$1 ");
  return whole.split("\n").map(fitting).join("\n");
}

/** @param {string} line */
function fitting(line) {
  const [start = ""] = /^ *(?:-\S+ {2,})?/.exec(line) ?? [];
  const lines = [start];
  for (const word of line.slice(start.length).split(" ")) {
    const last = lines.at(-1) ?? "";
    const isEmpty = lines.length === 1 ? last === start : last.trim() === "";
    if (isEmpty) lines.push(`${lines.pop()}${word}`);
    else if (last.length + 1 + word.length <= mostColumns) lines.push(`${lines.pop()} ${word}`);
    else lines.push(" ".repeat(start.length) + word);
  }
  return lines.join("\n");
}

/**
 * @typedef {import("node:util").ParseArgsConfig["options"]} Options
 * @typedef {{ kind: string, name?: string, rawName?: string, value?: string, inlineValue?: boolean }} Token
 *
 * @param {Token[]} tokens @param {NonNullable<Options>} options @returns {string | undefined}
 */
function mistakeIn(tokens, options) {
  /** @type {Set<string>} */
  const given = new Set();
  for (const { kind, name = "", rawName, value, inlineValue } of tokens) {
    if (kind === "positional") return `only options can stand here, not ${value}`;
    if (kind !== "option") continue;
    if (!Object.hasOwn(options, name)) return `there is no option ${rawName}`;
    const takesValue = options[name]?.type === "string";
    if (!takesValue && inlineValue) return `the option ${rawName} takes no value`;
    if (takesValue && !value) return `the option ${rawName} needs a value`;
    if (takesValue && value?.startsWith("-") && !inlineValue) return `the option ${rawName} needs a value`;
    // The last one would count, and the others be passed over without a word.
    if (takesValue && given.has(name) && !options[name]?.multiple)
      return `the option ${rawName} is given twice`;
    given.add(name);
  }
  return undefined;
}

/** Reads a whole number. @param {string} name the option's @param {string} text @param {number} least @param {number} most */
export function wholeNumber(name, text, least, most) {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  return refuse(`the option --${name} needs a whole number from ${least} to ${most}, not ${text}`);
}

/** Ends the program with code 2. @param {string} mistake @returns {never} */
export function refuse(mistake) {
  console.error(`${mistake.charAt(0).toUpperCase()}${mistake.slice(1)}: see --help.`);
  process.exit(2);
}
