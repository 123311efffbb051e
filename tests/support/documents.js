// Every fenced block of every document, and who runs it. A block runs as it stands, or its first line says that it is a
// fragment, and names in backticks what it needs.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/machine/command.js";

/**
 * @typedef {object} Block
 * @property {string} file @property {number} line of its fence @property {string} heading that it stands under
 * @property {string} language @property {string} code
 * @property {string[] | undefined} needs what a fragment needs; nothing when the block is whole
 * @property {string} place for messages
 *
 * @typedef {"code" | "page" | "shell" | "json" | "yaml" | "form" | "nothing"} Runner
 */

/** The documents that people read, of this repository. */
export function everyDocument() {
  const tracked = ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"];
  return execFileSync("git", tracked, { cwd: root, encoding: "utf8" }).trim().split("\n");
}

/** @returns {Block[]} */
export function everyBlock() {
  return everyDocument().flatMap((file) => blocksIn(file, readFileSync(join(root, file), "utf8")));
}

/** @param {string} file @param {string} text @returns {Block[]} */
export function blocksIn(file, text) {
  /** @type {Block[]} */
  const blocks = [];
  /** @type {{ fence: string, language: string, line: number, lines: string[] } | undefined} */
  let open;
  let heading = "";
  for (const [index, line] of text.split("\n").entries()) {
    const [, fence, info = ""] = line.match(/^ *(`{3,}|~{3,})(.*)$/) ?? [];
    if (open) {
      if (fence?.startsWith(open.fence) && info.trim() === "") {
        const code = `${open.lines.join("\n")}\n`;
        const place = `${file}:${open.line}`;
        blocks.push({
          file,
          heading,
          place,
          code,
          needs: needsOf(code),
          line: open.line,
          language: open.language,
        });
        open = undefined;
      } else open.lines.push(line);
    } else if (fence) open = { fence, language: info.trim(), line: index + 1, lines: [] };
    else heading = line.match(/^#+ (.*)$/)?.[1] ?? heading;
  }
  if (open) throw new Error(`${file}:${open.line}: this block does not end`);
  return blocks;
}

/** What the marker of a fragment names. @param {string} code */
function needsOf(code) {
  const [, needs] = code.match(/^(?:\/\/|#|<!--) Fragment: (.*)\n/) ?? [];
  return needs === undefined ? undefined : [...needs.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
}

/** Documents whose blocks other tests run, by the headings that these tests name. @type {Record<string, Record<string, string>>} */
const elsewhere = {
  "docs/install.md": {
    Node: "tests/packed/runtimes.test.js",
    Deno: "tests/packed/runtimes.test.js",
    Bun: "tests/packed/runtimes.test.js",
    "Browsers, without a bundler": "tests/packed/browsers.test.js",
    "Web workers": "tests/packed/browsers.test.js",
    Vite: "tests/packed/bundlers.test.js",
    webpack: "tests/packed/bundlers.test.js",
    Rollup: "tests/packed/bundlers.test.js",
    esbuild: "tests/packed/bundlers.test.js",
    "Next.js": "tests/packed/next.test.js",
    "Cloudflare workers": "tests/packed/workerd.test.js",
    "Jest and Vitest": "tests/packed/test-runners.test.js",
  },
  "docs/elements.md": {
    "What your portal knows": "tests/packed/elements.test.js",
    "Plain HTML": "tests/packed/elements.test.js",
    React: "tests/packed/elements.test.js",
    Vue: "tests/packed/elements.test.js",
    Angular: "tests/packed/elements.test.js",
    "Next.js": "tests/packed/next.test.js",
    "Content-Security-Policy": "tests/packed/elements.test.js",
    "What they say": "tests/packed/elements.test.js",
  },
  "docs/coming-from-cosign.md": {
    "With openssl": "tests/cli/coming-from-cosign.test.js",
    "With a PKCS #11 token": "tests/cli/coming-from-cosign.test.js",
    "With a key management service": "tests/cli/coming-from-cosign.test.js",
    "With the signing service": "tests/cli/coming-from-cosign.test.js",
  },
  "docs/hsm.md": { "With SoftHSM, step by step": "sandbox/tests/hsm/docs.rs" },
};

/** The test file that runs a block, besides what its language asks for. @param {Block} block */
export function otherTestOf({ file, heading }) {
  return elsewhere[file]?.[heading];
}

/** Headings of `elsewhere` with their tests. @returns {[file: string, heading: string, test: string][]} */
export function otherTests() {
  return Object.entries(elsewhere).flatMap(([file, tests]) =>
    Object.entries(tests).map(
      ([heading, test]) => /** @type {[string, string, string]} */ ([file, heading, test]),
    ),
  );
}

/** Who runs a block in this folder, by its language. @type {Record<string, Runner>} */
const byLanguage = {
  ...{ js: "code", ts: "code", html: "page", sh: "shell", "sh install": "shell", console: "shell" },
  ...{ json: "json", yaml: "yaml", http: "form", nginx: "form" },
  // A layout or a sample of output: there is nothing to run.
  text: "nothing",
};

/** @param {Block} block @returns {Runner | undefined} nothing when nobody knows the language */
export function runnerOf(block) {
  const runner = byLanguage[block.language];
  // Shell is looked at in any case: who runs it there may not know every option.
  return runner !== "shell" && otherTestOf(block) ? "nothing" : runner;
}

/** @param {Runner} runner */
export function blocksFor(runner) {
  return everyBlock().filter((block) => runnerOf(block) === runner);
}
