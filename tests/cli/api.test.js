// Is what others build on as tests/api/ has it? A change that is meant is written there, and told in CHANGELOG.md.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { apiTexts, changed, kept } from "../../tools/check/api.js";
import { crateFile } from "../../tools/check/crate-api.js";
import { announcedNames } from "../../tools/check/crate-names.js";
import { documentShapes } from "../support/json-documents.js";

const texts = await apiTexts();
const shapes = "json.json";

test("tests/api/ has a file for each text, and no other", () => {
  assert.deepEqual(readdirSync(kept).sort(), [...texts.keys(), shapes, crateFile, "README.md"].sort());
});

for (const [name, text] of texts) {
  test(`${name} is as it was announced`, () => isAsAnnounced(name, text));
}

// It fails, too, where a command ends with another code.
test(`${shapes} is as it was announced`, async () => isAsAnnounced(shapes, await documentShapes()));

/** @param {string} name @param {string} text */
function isAsAnnounced(name, text) {
  const before = readFileSync(join(kept, name), "utf8");
  if (before !== text) assert.fail(changed(name, before, text));
}

test("a change is told by its file, its lines and the command that accepts it", () => {
  const told = changed("index.d.ts.txt", "a\nb\nc\n", "a\nx\nc\n");
  assert.match(told, /tests\/api\/index\.d\.ts\.txt/);
  assert.match(told, /^- b$/m);
  assert.match(told, /^\+ x$/m);
  assert.doesNotMatch(told, /^. [ac]$/m);
  assert.match(told, /npm run api -- --accept/);
});

test("the crate's names are those of its own items, and not what a trait brings", () => {
  const names = announcedNames(`pub mod ocisign
pub mod ocisign::wire
#[non_exhaustive] pub enum ocisign::wire::Kind<'a, J>
pub ocisign::wire::Kind::One(&'static [(&'static str, ocisign::json::Kind)])
impl core::fmt::Display for ocisign::wire::Kind<'_, J>
pub fn ocisign::wire::Kind::fmt(&self, &mut core::fmt::Formatter<'_>) -> core::fmt::Result
pub ocisign::wire::Other::field: core::option::Option<u32>
pub const fn ocisign::taken<'a>(&'a str) -> ocisign::Taken
`);
  const own = ["wire::Kind", "wire::Kind::One", "wire::Other::field", "taken"];
  assert.deepEqual(
    [...names],
    own.map((name) => `ocisign::${name}`),
  );
});
