// The snippets of docs/, so that what is documented is what is tested.
import { readFileSync } from "node:fs";

/** What a document says, by its headings. @param {string} name of a file in docs/ */
export function readDocument(name) {
  const text = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8");

  /** @param {string} heading without its hashes */
  function section(heading) {
    const sections = text.split(/^(?=#{2,3} )/m);
    const found = sections.find((it) => it.replace(/^#+ /, "").startsWith(`${heading}\n`));
    if (!found) throw new Error(`docs/${name} has no section "${heading}"`);
    return found;
  }

  /** @param {string} heading */
  function blocks(heading) {
    return [...section(heading).matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code]) => ({
      language,
      code,
    }));
  }

  return {
    text,
    blocks,

    /** The files that a section shows: each block that begins with a comment that is a name. @param {string} heading */
    filesOf(heading) {
      const named = blocks(heading).map(({ code }) => {
        const [first, ...rest] = code.split("\n");
        const [, file] = first.match(/^(?:\/\/|<!--) (\S+\.\w+)(?: -->)?$/) ?? [];
        // JSON has no comments.
        return [file, file?.endsWith(".json") ? rest.join("\n") : code];
      });
      return Object.fromEntries(named.filter(([file]) => file));
    },

    /** The command lines that a section shows. @param {string} heading */
    commandsOf(heading) {
      const shell = blocks(heading).filter(({ language }) => language === "sh");
      return shell.flatMap(({ code }) => code.trim().split("\n"));
    },

    /** The cells of the tables of a section, without their heads. @param {string} heading */
    rowsOf(heading) {
      const rows = section(heading).match(/^\|.*\|$/gm) ?? [];
      const isHead = (/** @type {number} */ index) =>
        /^\|-/.test(rows[index] ?? "") || /^\|-/.test(rows[index + 1] ?? "");
      return rows
        .filter((_, index) => !isHead(index))
        .map((row) =>
          row
            .split("|")
            .slice(1, -1)
            .map((cell) => cell.trim()),
        );
    },
  };
}

const installing = readDocument("install.md");

export const { filesOf, commandsOf } = installing;

/** The rows of the table of what is tested: runtime, version, how. */
export function supportTable() {
  return installing.rowsOf("What is tested");
}
