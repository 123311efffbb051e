// Are groups and people called by the names of the profile, with the ids that the service decides by?
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { againstSignings, cliSandbox } from "../support/cli.js";
import { signingOf } from "../support/fake-service.js";
import { groupA, groupB, temporaryFolder } from "../support/sandbox.js";

const { folder, remove } = temporaryFolder("names");
after(remove);
const ann = "2a94c7e3-5b60-4d18-8f2c-71e3b5d6a922";

/** What `status` says of a request, by a profile with these names. @param {object} names @param {object} changes */
async function statusOf(names, changes) {
  const profile = join(folder, "profile.json");
  writeFileSync(profile, JSON.stringify({ statuses: { 2: "waiting" }, names }));
  const request = signingOf(`registry.example/team/app@sha256:${"ab".repeat(32)}`, changes);
  return againstSignings([request], ["status", request.id, "--profile", profile]);
}

/** The rows of the request. @param {object} names @param {object} changes */
async function rowsOf(names, changes) {
  const { code, stdout, stderr } = await statusOf(names, changes);
  assert.equal(code, 3, stderr);
  return stdout.split("\n");
}

const changes = {
  requester: ann,
  requiredGroups: [groupA, groupB.toUpperCase()],
  missingGroups: [groupB],
  approvals: [{ objectId: ann, groups: [groupA] }],
};

test("the name stands before the id, whatever the id's case; without a name the id stands alone", async () => {
  const names = { groups: { [groupB]: "Security" }, people: { [ann.toUpperCase()]: "Ann" } };
  const rows = await rowsOf(names, changes);
  for (const row of [
    `requester       Ann (${ann})`,
    `group required  ${groupA}`,
    `group required  Security (${groupB.toUpperCase()})`,
    `group missing   Security (${groupB})`,
    `approval        Ann (${ann}), ${groupA}`,
  ]) {
    assert.ok(rows.includes(row), `${row}\n${rows.join("\n")}`);
  }
});

test("a name hides nothing, and cannot look as if it held another id", async () => {
  const names = {
    groups: { [groupB]: `Security (${groupA})`, [groupA]: "A\u0430\u202E" },
    people: { [ann]: "Ann\u2028requester  Ben" },
  };
  const rows = await rowsOf(names, changes);
  const text = rows.join("\n");
  assert.ok(rows.includes(`group missing   "Security (${groupA})" (${groupB})`), text);
  assert.ok(/^group required\s+"?A.*\\u\{202e\}.*\(b716abb1/m.test(text), text);
  assert.ok(/^requester\s+"?Ann\\+u\{2028\}requester/m.test(text), text);
});

test("a name with a control character is refused by its place", async () => {
  for (const name of ["Ann\nrequester  Ben", "Ann\u001b[2J", "Ann\u009b2J", "\u0000", " "]) {
    const { code, stdout, stderr } = await statusOf({ people: { [ann]: name } }, changes);
    assert.equal(code, 1, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, new RegExp(`--profile: profile\\.names\\.people\\.${ann} is no name`));
  }
});

test("the sandbox's profile names its groups and people", async () => {
  const at = await cliSandbox("names");
  try {
    const { id } = await at.as("requester").requestSigning({ product: at.product, artifact: at.image });
    const { stdout, stderr } = await at.ocisign(["status", id]);
    assert.match(stdout, new RegExp(`group missing +Security \\(${groupB}\\)`), stderr);
    assert.match(stdout, new RegExp(`group required +Release managers \\(${groupA}\\)`));
    const approving = await at.ocisign(["approve", id, "--yes", "--token", at.token("approver-two")]);
    assert.match(approving.stderr, /group missing +Security \(/);
  } finally {
    await at.close();
  }
});
