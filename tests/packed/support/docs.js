// The snippets of docs/install.md, so that what is documented is what is tested.
import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../../../docs/install.md", import.meta.url), "utf8");

/** @param {string} heading without its hashes */
function section(heading) {
  const sections = text.split(/^(?=#{2,3} )/m);
  const found = sections.find((it) => it.replace(/^#+ /, "").startsWith(`${heading}\n`));
  if (!found) throw new Error(`docs/install.md has no section "${heading}"`);
  return found;
}

/** @param {string} heading */
function blocks(heading) {
  return [...section(heading).matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code]) => ({
    language,
    code,
  }));
}

/** The files that a section shows: each block that begins with a comment that is a name. */
export function filesOf(heading) {
  const named = blocks(heading).map(({ code }) => {
    const [first, ...rest] = code.split("\n");
    const [, name] = first.match(/^(?:\/\/|<!--) (\S+\.\w+)(?: -->)?$/) ?? [];
    // JSON has no comments.
    return [name, name?.endsWith(".json") ? rest.join("\n") : code];
  });
  return Object.fromEntries(named.filter(([name]) => name));
}

/** The command lines that a section shows. */
export function commandsOf(heading) {
  const shell = blocks(heading).filter(({ language }) => language === "sh");
  return shell.flatMap(({ code }) => code.trim().split("\n"));
}

/** The rows of the table of what is tested: runtime, version, how. */
export function supportTable() {
  const rows = section("What is tested")
    .match(/^\|.*\|$/gm)
    .slice(2);
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
