// All that is wrong with a reference is told at once, each with its place; and what may be a secret is not taken apart.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { documentOf, shellIn } from "../support/cli.js";

const shell = shellIn("mistakes", { OCISIGN_URL: "https://127.0.0.1:1/acme", OCISIGN_TOKEN: "t" });
after(() => shell.remove());
const hex = "ab".repeat(32);

/** Each problem as its code and its place. @type {[string, string[]][]} */
const references = [
  ["nginx:latest", ["registry-missing 0", "digest-missing 12"]],
  ["nginx", ["registry-missing 0", "digest-missing 5"]],
  ["library/nginx:1", ["registry-missing 0", "digest-missing 15"]],
  [`team/App@sha256:${hex}`, ["registry-missing 0", "repository-uppercase 5"]],
  [
    "https://r.example/Team/App:1.2",
    ["scheme 0", "repository-uppercase 18", "repository-uppercase 23", "digest-missing 30"],
  ],
  ["r.example/my app:v1", ["white-space 12", "digest-missing 19"]],
  [
    "r.example:99999/a___b:v!@sha256:ab",
    ["port-invalid 10", "repository-invalid 17", "tag-invalid 22", "digest-length 32"],
  ],
  [
    "Bad_Host.example:0/a//b@sha256:AB",
    [
      "registry-invalid 3",
      "port-invalid 17",
      "repository-missing 21",
      "digest-uppercase 31",
      "digest-uppercase 32",
      "digest-length 31",
    ],
  ],
  [`r.example/a@sha256:${"g".repeat(2)}${hex.slice(2)}`, ["digest-invalid 19", "digest-invalid 20"]],
  ["r.example/a%2Fb", ["percent-sign 11", "digest-missing 15"]],
  ["r.example/tеam/App", ["not-ascii 11", "repository-uppercase 16", "digest-missing 19"]],
  ["r.example/", ["repository-missing 10", "digest-missing 10"]],
  ["r.example/app:", ["tag-invalid 14", "digest-missing 14"]],
  [`r.example/app@sha512:${hex}`, ["digest-length 21"]],
  ["r.example/app@md5:00", ["digest-algorithm 14"]],
  [`r.example/app@sha256:${hex}\n`, ["white-space 85"]],
  ["", ["empty-reference 0"]],
];

for (const [text, expected] of references) {
  test(`of ${JSON.stringify(text)}`, async () => {
    const outcome = await shell.ocisign(["sign", text, "-P", "p", "--json"]);
    assert.equal(outcome.code, 2);
    const { error } = documentOf(outcome);
    if (expected.length === 1) assert.equal(error.problems, undefined);
    else
      assert.deepEqual(
        error.problems.map(({ code, offset }) => `${code} ${offset}`),
        expected,
      );
    for (const { message, fix, offset } of error.problems ?? []) {
      const place = message.match(/at byte (\d+)/)?.[1];
      if (place !== undefined) assert.equal(Number(place), offset, message);
      assert.ok(fix);
    }
    const codes = new Set(expected.map((problem) => problem.split(" ")[0]));
    for (const code of codes) {
      const { message } = error.problems?.find((problem) => problem.code === code) ?? error;
      assert.ok(error.message.includes(message) && outcome.stderr.includes(message), outcome.stderr);
    }
  });
}

test("each place is marked", async () => {
  const { stderr } = await shell.ocisign(["verify", "https://r.example/Team/App:1.2", "--key", "k"]);
  assert.match(stderr, /^ {2}https:\/\/r\.example\/Team\/App:1\.2\n {2}\^ {17}\^ {4}\^ {6}\^$/m);
});

test("of a list, each line has all of its mistakes", async () => {
  const file = shell.file("images.txt", `nginx:latest\nr.example/Team/app:1\n`);
  const outcome = await shell.ocisign(["sign", "--from-file", file, "-P", "p", "--json"]);
  const { lines } = documentOf(outcome).error;
  assert.deepEqual(
    lines.map(({ line, problems }) => [line, ...problems.map(({ code }) => code)]),
    [
      [1, "registry-missing", "digest-missing"],
      [2, "repository-uppercase", "digest-missing"],
    ],
  );
  assert.match(outcome.stderr, /images\.txt:2:11: .*upper-case.*digest is missing/);
});

test("in base64, too", async () => {
  const artifact = Buffer.from("nginx:latest").toString("base64");
  const outcome = await shell.ocisign([
    "imagesigning",
    "add",
    "SignOCI",
    "-P",
    "p",
    "-A",
    artifact,
    "--json",
  ]);
  assert.deepEqual(
    documentOf(outcome).error.problems.map(({ code }) => code),
    ["registry-missing", "digest-missing"],
  );
});

test("nothing is quoted of what may be a secret", async () => {
  for (const [text, secret] of [
    ["robot:Pa55-w0rd!x@r.example/App:1", "Pa55"],
    ["hunter2:Tr0ub4dor&3", "Tr0ub4"],
    ["r.example/App:1?sig=S3cretSecret", "S3cret"],
    ["r.example/App#S3cretSecret!", "S3cret"],
    [`S3cretSecret@r.example/App@sha256:${hex}`, "S3cret"],
  ]) {
    const { code, stderr, stdout } = await shell.ocisign(["sign", text, "-P", "p", "--json"]);
    assert.equal(code, 2);
    assert.ok(!`${stdout}${stderr}`.includes(secret), stderr);
  }
});
