// A list from a named pipe: read whenever its writer comes, and left at once when somebody ends the program.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdirSync, openSync, readdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { shellIn } from "../support/cli.js";
import { imageOf } from "../support/list-service.js";

/** @type {ReturnType<typeof shellIn>} */
let shell;
before(() => {
  shell = shellIn("pipe", { OCISIGN_URL: "http://127.0.0.1:1", OCISIGN_TOKEN: "t" });
});
after(() => shell.remove());

for (const [signal, code] of /** @type {const} */ ([
  ["SIGINT", 130],
  ["SIGTERM", 143],
])) {
  for (const has of ["no writer", "a silent writer"]) {
    test(`${signal} ends at once what waits for a named pipe with ${has}, and leaves nothing`, async (t) => {
      const own = join(shell.folder, `${signal}-${has.replace(" ", "-")}`);
      mkdirSync(own);
      const pipe = join(own, "pipe");
      execFileSync("mkfifo", [pipe]);
      const running = shell.start(["sign", "--from-file", pipe], { env: { TMPDIR: own } });
      const copy = () => readdirSync(own).filter((name) => name.startsWith("ocisign-list-"));
      while (copy().length === 0) await new Promise((resolve) => setImmediate(resolve));
      if (has === "a silent writer") {
        // As the reader is there, this opening waits for nobody.
        const writer = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
        t.after(() => closeSync(writer));
        writeSync(writer, `${imageOf(1)}\n`);
      }
      running.child.kill(signal);
      const { code: ended, stderr } = await running.ended;
      assert.equal(ended, code, stderr);
      assert.deepEqual(readdirSync(own), ["pipe"]);
    });
  }
}

test("a named pipe is read to its end, whenever its writer comes", async () => {
  const pipe = join(shell.folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const reading = shell.ocisign(["sign", "--from-file", pipe]);
  const lines = `${Array.from({ length: 5_000 }, (_, n) => imageOf(n)).join("\n")}\nnginx\n`;
  const cat = shell.startBash(`cat > ${pipe}`, { stdin: "pipe" });
  cat.child.stdin.end(lines);
  const { stderr } = await reading;
  assert.match(stderr, /pipe:5001:1: /);
});
