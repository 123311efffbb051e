// `npm start`, run as a person runs it to try a portal of their own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/machine/command.js";
import { temporaryFolder } from "../support/sandbox.js";

const origins = ["http://localhost:8000", "https://portal.example"];

test("it allows the origins that it is given, keeps a profile and tokens, and prints commands that need no download", async () => {
  const { folder, remove } = temporaryFolder("start");
  const data = join(folder, "data");
  const args = [
    "--port",
    "0",
    "--registry-port=0",
    "--data",
    data,
    ...origins.flatMap((it) => ["--allow-origin", it]),
  ];
  const child = spawn(process.execPath, ["tools/tasks/start.js", ...args], {
    cwd: root,
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  let output = "";
  const seen = new Promise((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      if (output.includes("Ctrl-C stops it.")) resolve(undefined);
    });
  });
  try {
    await Promise.race([seen, gone]);
    const { base } = JSON.parse(readFileSync(join(data, "ready.json"), "utf8"));
    const token = readFileSync(join(data, "requester.token"), "utf8");
    for (const [origin, allowed] of [...origins.map((it) => [it, it]), ["https://other.example", null]]) {
      const reply = await fetch(`${base}/products`, {
        headers: { authorization: `Bearer ${token}`, origin: String(origin) },
      });
      assert.deepEqual([reply.status, reply.headers.get("access-control-allow-origin")], [200, allowed]);
    }
    assert.equal(JSON.parse(readFileSync(join(data, "profile.json"), "utf8")).statuses[2], "waiting");
    assert.match(output, /OCISIGN_PROFILE=\S*profile\.json$/m);
    assert.doesNotMatch(output, /npx (?!--no )/);
  } finally {
    child.kill("SIGTERM");
    await gone;
    remove();
  }
});
