// The command that goes on with a request: it can be pasted, and holds no secret.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cliSandbox } from "../support/cli.js";

let at;
let request;
before(async () => {
  at = await cliSandbox("resume");
  request = await at.as("requester").requestSigning({ product: at.product, artifact: at.image });
});
after(() => at?.close());

/** The lines behind `wait again with:`. */
async function resumed(...flags) {
  const { stdout, stderr, code } = await at.ocisign([
    ...["status", request.id, "--wait", "--timeout", "1ms", ...flags],
  ]);
  assert.equal(code, 3, stderr);
  return { said: stdout + stderr, command: stderr.split("wait again with:\n")[1] ?? "" };
}

test("a profile's query and fragment are left out, and asked for", async () => {
  const profile = `${at.sandbox.base}/ocisign-profile`;
  assert.match((await resumed("--profile", profile)).command, /--profile http\S+\/ocisign-profile\n$/);
  for (const secret of ["?sig=Xz9Kq2LmN8vR", "?Xz9Kq2LmN8vR", "#Xz9Kq2LmN8vR", "?a=1&sig=Xz9Kq2LmN8vR#x"]) {
    const { said, command } = await resumed("--profile", profile + secret);
    assert.ok(!said.includes("Xz9Kq2LmN8vR"), said);
    assert.match(command, /^ {2}ocisign status \S+ --wait\n {2}\(and --profile, given as before\)\n$/);
  }
});

test("a token is left out, and asked for; a token's file is not", async () => {
  const token = at.token("requester");
  const { said, command } = await resumed("-t", token, "--profile", `${at.sandbox.base}/ocisign-profile?x=1`);
  assert.ok(!said.includes(token.slice(-20)));
  assert.match(command, /\(and --profile and the token, given as before\)/);
  const file = at.file("a token", token);
  assert.match((await resumed("-t", `@${file}`)).command, /-t '@\S+a token'\n$/);
});
