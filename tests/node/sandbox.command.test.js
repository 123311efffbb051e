// `npm run sandbox`, run as a person runs it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/machine/command.js";
import { temporaryFolder } from "../support/sandbox.js";

/** Its output until `wanted` is in it, or until it ends. */
async function start(args, wanted) {
  const child = spawn(process.execPath, ["tools/tasks/sandbox.js", ...args], {
    cwd: root,
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  let output = "";
  const seen = new Promise((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      if (output.includes(wanted)) resolve(undefined);
    });
  });
  await Promise.race([seen, gone]);
  return { child, gone, output: () => output };
}

test("it serves the page with the sandbox's own options, says where everything is, and stops on a signal", async () => {
  const { folder, remove } = temporaryFolder("command");
  const ready = join(folder, "ready.json");
  const free = ["--listen", "127.0.0.1:0", "--registry-listen=127.0.0.1:0"];
  const options = ["--data", join(folder, "data"), "--ready-file", ready, "--customer", "acme"];
  const { child, gone, output } = await start([...free, ...options], "Ctrl-C stops it.");
  try {
    const { url, base, people } = JSON.parse(readFileSync(ready, "utf8"));
    assert.match(base, /\/acme\/api\/v1$/);
    assert.ok(output().includes(url) && output().includes(`${base}/openapi.json`));
    assert.ok(output().includes("Requester (requester)"), "tokens are printed");
    const page = await (await fetch(url)).text();
    assert.match(page, /<script type="module"/);
    const products = await fetch(`${base}/products`, {
      headers: { authorization: `Bearer ${people[0].token}` },
    });
    assert.equal(products.status, 200);
  } finally {
    child.kill("SIGTERM");
    await gone;
    remove();
  }
  assert.equal(child.exitCode, 0);
});

test("what the sandbox refuses ends it, with the sandbox's own code", async () => {
  const { child, gone } = await start(["--no-such-option"], "never said");
  await gone;
  assert.equal(child.exitCode, 2);
});
