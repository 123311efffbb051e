// `ocisign accepts`: what it says of an image that was signed, and what it ends with.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { cliSandbox, documentOf } from "../support/cli.js";

/** @type {Awaited<ReturnType<typeof cliSandbox>>} */
let at;
let unsigned;
before(async () => {
  at = await cliSandbox("accepts");
  const signed = await at.ocisign(["sign", at.image, "-P", "automatic", "--wait"]);
  assert.equal(signed.code, 0, signed.stderr);
  unsigned = at.image.replace(at.digest, await pushImage(at.registry, "team/app", "nobody signed this"));
});
after(() => at?.close());

/** @param {...string} args */
const accepts = (...args) => at.ocisign(["accepts", ...args, "-P", "automatic"]);

test("0: each tool in words", async () => {
  const { code, stdout, stderr } = await accepts(at.image);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /here: verified\./);
  assert.match(stdout, /^accepts {3}containers-image: .*podman/m);
  assert.match(stdout, /^refuses {3}ratify: /m, "with a key of its own, it reads ECDSA alone");
  assert.match(stdout, /^accepts {3}ratify-trust-policies: /m);
  assert.match(stdout, /^unknown {3}sigstore-go: /m);
});

test("0 and 5 with --by, which knows ids and names, and asks what was meant", async () => {
  assert.equal((await accepts(at.image, "--by", "cosign")).code, 0);
  const none = await accepts(unsigned, "--by", "cosign-3", "--json");
  assert.equal(none.code, 5, none.stderr);
  const { state, tools } = documentOf(none);
  assert.equal(state, "unsigned");
  assert.deepEqual(
    tools.map((one) => [one.id, one.verdict]),
    [["cosign-3", "refuses"]],
  );
  assert.equal(tools[0].mends[0].command, `ocisign sign ${unsigned} --product ID`);
  assert.equal((await accepts(unsigned)).code, 0);
  const wrong = await accepts(at.image, "--by", "cosgn-3");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /Did you mean cosign-3\?/);
});

test("1: what could not be read is unknown to all", async () => {
  const away = at.image.replace(/^[^/]+/, "127.0.0.1:9");
  const { code, stdout } = await accepts(
    away,
    "--registry-url",
    "http://127.0.0.1:9",
    "--call-timeout",
    "5s",
  );
  assert.equal(code, 1);
  assert.doesNotMatch(stdout, /^(accepts|refuses) /m);
});
