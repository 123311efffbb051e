// The commands in a shell script, as far as documents need: words, quotes, comments, pipes, here-documents and what
// stands in $(…). Whether it is a script at all, a shell says.

/** @typedef {string[]} Command its words, without assignments before it and redirections */

/** @param {string} script @returns {Command[]} */
export function commandsIn(script) {
  /** @type {Command[]} */
  const commands = [];
  /** @type {string[]} */
  let words = [];
  /** @type {string | undefined} */
  let word;
  /** @type {string[]} ends of here-documents that begin on the next line */
  let ends = [];
  /** The next word is a file, or the end of a here-document. @type {"" | "file" | "end"} */
  let after = "";
  let at = 0;

  const endWord = () => {
    if (word === undefined) return;
    if (after === "end") ends.push(word);
    else if (after === "") words.push(word);
    word = undefined;
    after = "";
  };
  const endCommand = () => {
    endWord();
    const first = words.findIndex(
      (it) => !/^\w+=/.test(it) && !["export", "!", "then", "do", "else"].includes(it),
    );
    const command = first < 0 ? [] : words.slice(first);
    if (command.length > 0) commands.push(command);
    words = [];
  };
  const substituted = () => {
    let depth = 1;
    const from = at;
    for (; at < script.length && depth > 0; at += 1) depth += { "(": 1, ")": -1 }[script[at] ?? ""] ?? 0;
    const inner = script.slice(from, at - 1);
    commands.push(...commandsIn(inner));
    word = `${word ?? ""}$(${inner})`;
  };

  while (at < script.length) {
    const sign = script[at] ?? "";
    at += 1;
    if (sign === "\\") {
      if (script[at] !== "\n") word = (word ?? "") + (script[at] ?? "");
      at += 1;
    } else if (sign === "'") {
      const end = script.indexOf("'", at);
      word = (word ?? "") + script.slice(at, end);
      at = end + 1;
    } else if (sign === '"') {
      word ??= "";
      while (at < script.length && script[at] !== '"') {
        if (script.startsWith("$(", at)) {
          at += 2;
          substituted();
          continue;
        }
        if (script[at] === "\\") at += 1;
        word += script[at];
        at += 1;
      }
      at += 1;
    } else if (sign === "$" && script[at] === "(") {
      at += 1;
      substituted();
    } else if (sign === "#" && word === undefined) {
      while (at < script.length && script[at] !== "\n") at += 1;
    } else if (sign === "\n") {
      endCommand();
      for (const end of ends) {
        const found = script.slice(at).search(new RegExp(`^${end}$`, "m"));
        at = found < 0 ? script.length : at + found + end.length;
      }
      ends = [];
    } else if (sign === "<" || sign === ">") {
      // A number before it is a descriptor.
      if (/^\d$/.test(word ?? "")) word = undefined;
      endWord();
      after = script.slice(at - 1, at + 1) === "<<" ? "end" : "file";
      while (/[<>&|]/.test(script[at] ?? "")) at += 1;
    } else if (
      /[|&;(){}]/.test(sign) &&
      !(/[{}]/.test(sign) && (word !== undefined || /\S/.test(script[at] ?? "")))
    ) {
      endCommand();
    } else if (/\s/.test(sign)) endWord();
    else word = (word ?? "") + sign;
  }
  endCommand();
  return commands;
}
