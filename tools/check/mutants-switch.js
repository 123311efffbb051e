// All mutants of a crate in one build, as Stryker does it: each function is written once for each of its mutants, and a
// variable chooses the one that acts.

/** The variable that says which mutant acts, by its number. */
export const variable = "OCISIGN_MUTANT";

/** What is written at the end of a crate's lib.rs. */
export const chooser = `
#[doc(hidden)]
#[allow(missing_docs)]
pub mod mutants {
    extern crate std;
    pub fn acting() -> usize {
        static ACTING: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
        *ACTING.get_or_init(|| std::env::var("${variable}").ok().and_then(|it| it.parse().ok()).unwrap_or(0))
    }
}
`;

/**
 * A change, as cargo-mutants lists it. Lines and columns count from one.
 *
 * @typedef {{ line: number, column: number }} Position
 * @typedef {{ start: Position, end: Position }} Span
 * @typedef {{ name: string, file: string, replacement: string, span: Span,
 *   function: { function_name: string, return_type: string, span: Span } | null }} Change
 *
 * What stands in which lines of a file with a switch: a mutant by its number, or the function as it was.
 *
 * @typedef {{ first: number, last: number, mutant: number | undefined, functionAt: string,
 *   functionName: string }} Arm
 */

/**
 * Writes mutants into a source. Those that cannot be chosen while the program runs are left out: what is in no function,
 * and functions that give back a type without a name, of which every mutant has another.
 *
 * @param {string} source
 * @param {{ number: number, change: Change }[]} mutants of this file
 * @param {(functionAt: string) => boolean} isWhole may its functions not be changed?
 * @returns {{ text: string, arms: Arm[] }}
 */
export function withSwitch(source, mutants, isWhole) {
  const offset = offsets(source);
  const inFunctions = mutants.flatMap(({ number, change }) => {
    if (!change.function || /\bimpl\b/.test(change.function.return_type)) return [];
    const { span } = change.function;
    const [from, to] = [offset(change.span.start), offset(change.span.end)];
    return [
      {
        number,
        from,
        to,
        replacement: change.replacement,
        name: change.function.function_name,
        begin: offset(span.start),
        end: offset(span.end),
      },
    ];
  });
  const outermost = inFunctions.filter(
    ({ begin, end }) =>
      !inFunctions.some((it) => (it.begin < begin && it.end >= end) || (it.begin <= begin && it.end > end)),
  );
  const functions = new Map(outermost.map((it) => [it.begin, it]));
  let text = "";
  let done = 0;
  /** @type {Arm[]} */
  const arms = [];
  for (const [begin, { end, name }] of [...functions].sort(([one], [other]) => one - other)) {
    const functionAt = `${begin}`;
    const functionName = name.replace(/^.*::/, "");
    if (isWhole(functionAt)) continue;
    const body = bodyAt(source, begin);
    const own = inFunctions.filter((it) => it.from > body && it.to <= end);
    text += source.slice(done, begin) + source.slice(begin, body).replace(/\bconst fn\b/, "fn");
    text += "{ match crate::mutants::acting() {\n";
    const write = (/** @type {number | undefined} */ mutant, /** @type {string} */ inside) => {
      const first = lineCount(text);
      text += `${mutant ?? "_"} => {${inside}}\n`;
      arms.push({ first, last: lineCount(text) - 1, mutant, functionAt, functionName });
    };
    for (const { number, from, to, replacement } of own) {
      write(number, `${source.slice(body + 1, from)}${replacement}${source.slice(to, end - 1)}\n`);
    }
    write(undefined, `${source.slice(body + 1, end - 1)}\n`);
    text += "} }";
    done = end;
  }
  return { text: text + source.slice(done), arms };
}

/** @param {string} text */
function lineCount(text) {
  return text.split("\n").length;
}

/** Turns a position into an offset. Columns count characters. @param {string} source */
function offsets(source) {
  const lines = source.split("\n");
  let begin = 0;
  const begins = lines.map((line) => {
    const here = begin;
    begin += line.length + 1;
    return here;
  });
  return (/** @type {Position} */ { line, column }) =>
    (begins[line - 1] ?? 0) + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
}

/** Where the body of the function begins whose comments and attributes begin there. @param {string} source @param {number} begin */
function bodyAt(source, begin) {
  const token = /\/\/[^\n]*|"(?:[^"\\]|\\.)*"|[[({})\]]/g;
  token.lastIndex = begin;
  let depth = 0;
  for (let found = token.exec(source); found; found = token.exec(source)) {
    if (found[0] === "{" && depth === 0) return found.index;
    if ("([{".includes(found[0])) depth += 1;
    else if (")]}".includes(found[0])) depth -= 1;
  }
  throw new Error(`no body of a function after ${begin}`);
}
