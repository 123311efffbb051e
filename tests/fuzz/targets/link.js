// Links of a reply: what was read and is written again says the same.
import assert from "node:assert/strict";
import { parseLinks } from "../../support/readers.js";

export const words = ["<", ">", "; rel=", "next", "anchor", '"next prev"', ", "];

/** @param {Buffer} input */
export function judge(input) {
  const read = parseLinks(input.toString("latin1"));
  if (!read) return;
  assert.ok(read.length > 0);
  for (const { target, relations } of read) {
    assert.ok(relations.length > 0);
    assert.match(target, /^[!-~]*$/);
  }
  assert.deepEqual(parseLinks(read.map(written).join(", ")), read);
}

/** @param {import("../../../pkg/src/http/link.ts").Link} link */
function written({ target, relations, hasAnchor }) {
  return `<${target}>; rel="${relations.join(" ")}"${hasAnchor ? "; anchor=x" : ""}`;
}
