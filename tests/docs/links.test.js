// The links of the documents to files and headings of this repository.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/machine/command.js";
import { everyDocument } from "../support/documents.js";

/** Documents that others link to already. */
const coming = ["docs/profile.md"];

/** As GitHub makes the anchor of a heading. @param {string} heading */
function anchorOf(heading) {
  const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[`*]/g, "");
  return plain
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

/** @param {string} file */
function textOf(file) {
  // Blocks of code hold no links and no headings.
  return readFileSync(join(root, file), "utf8").replace(/^ *(`{3,}).*\n[\s\S]*?^ *\1$/gm, "");
}

for (const file of everyDocument()) {
  test(`${file}: its links lead somewhere`, () => {
    const text = textOf(file);
    const links = [...text.matchAll(/\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"]+)"/g)].map(
      ([, a, b]) => a ?? b ?? "",
    );
    for (const link of links.filter((it) => !/^[a-z]+:/.test(it))) {
      const [path = "", anchor] = link.split("#");
      const target = path ? normalize(join(dirname(file), path)) : file;
      if (coming.includes(target) && !existsSync(join(root, target))) continue;
      assert.ok(existsSync(join(root, target)), link);
      if (anchor === undefined) continue;
      const headings = [...textOf(target).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
        anchorOf(heading),
      );
      assert.ok(headings.includes(anchor), `${link}: no such heading`);
    }
  });
}
