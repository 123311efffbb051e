// What the program loads before it answers, and that the answers which the build wrote are those of the program.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { entry, shellIn } from "../support/cli.js";
import { keyPair } from "../support/signatures.js";

let at;
let watch;
before(() => {
  at = shellIn("start");
  // Says at the end which files were loaded, and which modules of Node's own.
  watch = at.file(
    "watch.cjs",
    `process.on("exit", () => {
      const inside = process.moduleLoadList.map((it) => it.replace(/^\\w+ /, ""));
      require("node:fs").writeFileSync(process.env.LOADED, JSON.stringify({ files: Object.keys(require.cache), inside }));
    });`,
  );
});
after(() => at?.remove());

/** @param {string[]} args @returns {{ files: string[], inside: string[], stdout: string }} */
function loadedBy(args) {
  const told = join(at.folder, "loaded.json");
  const env = { PATH: process.env.PATH, HOME: at.folder, LOADED: told };
  const { stdout, status } = spawnSync(process.execPath, ["--require", watch, ...args], {
    env,
    encoding: "utf8",
  });
  assert.ok(status !== null);
  const { files, inside } = JSON.parse(readFileSync(told, "utf8"));
  return {
    files: files.map((file) => basename(file)).filter((file) => file !== "watch.cjs"),
    inside,
    stdout,
  };
}

/** What takes long to load. @param {readonly string[]} inside */
function slow(inside) {
  return inside.filter((name) => /undici|^(node:)?(crypto|http|https|tls|child_process)$/.test(name));
}

test("the version needs the program's start, and nothing else", () => {
  for (const flag of ["--version", "-V"]) {
    const { files, inside, stdout } = loadedBy([entry, flag]);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    assert.deepEqual(files, ["start.cjs"]);
    assert.deepEqual(slow(inside), []);
  }
});

test("a page of help needs the start and the pages", () => {
  for (const args of [["--help"], ["-h"], ["help"], ["verify", "--help"], ["help", "connection"]]) {
    const { files, inside } = loadedBy([entry, ...args]);
    assert.deepEqual(files, ["start.cjs", "pages.json"], args.join(" "));
    assert.deepEqual(slow(inside), [], args.join(" "));
  }
});

test("the program itself loads neither the library nor what reaches the network", () => {
  const { files, inside, stdout } = loadedBy([entry, "-c", "--help"]);
  assert.match(stdout, /^Usage: /);
  assert.deepEqual(files, ["start.cjs", "run.cjs"]);
  assert.deepEqual(slow(inside), []);
});

test("a reference is read without a network", () => {
  const require = 'require("ocisign").parseReference("a.b/c@sha256:" + "0".repeat(64))';
  const { files, inside } = loadedBy(["-e", require.replace('"ocisign"', JSON.stringify(library()))]);
  assert.deepEqual(files, ["node.cjs"]);
  assert.deepEqual(slow(inside), []);
});

test("a registry is asked without Node's fetch, and without undici", () => {
  const key = at.file("key.pem", keyPair("P-256").pem);
  const image = `127.0.0.1:1/team/app@sha256:${"0".repeat(64)}`;
  const { files, inside } = loadedBy([entry, "verify", image, "--key", key]);
  assert.deepEqual(files, ["start.cjs", "run.cjs", "node.cjs"]);
  assert.ok(inside.includes("http"), "the registry was asked");
  assert.deepEqual(
    inside.filter((name) => /undici/.test(name)),
    [],
  );
});

function library() {
  return join(entry, "..", "..", "node.cjs");
}

/** The pages as the build wrote them. */
const pages = JSON.parse(readFileSync(join(entry, "..", "pages.json"), "utf8"));

for (const name of Object.keys(pages.help)) {
  test(`the page of ${name || "the program"} is what the program prints`, async () => {
    const words = name.split(" ").filter(Boolean);
    const isTopic = /^(certificates|connection|digests|environment|exit-codes|lists|output|verifying)$/.test(
      name,
    );
    const asked = [
      ["help", ...words],
      ...(isTopic ? [] : [["--help"], ["-h"]].map((it) => [...words, ...it])),
    ];
    // This option changes nothing, but no page stands for it: the program answers by itself.
    const { stdout, code } = await at.ocisign(["-c", ...(asked[0] ?? [])]);
    assert.equal(code, 0);
    for (const args of asked) {
      assert.deepEqual(await at.ocisign(args), { code: 0, stdout, stderr: "" }, args.join(" "));
    }
  });
}

for (const shell of Object.keys(pages.completion)) {
  test(`the script for ${shell} is what the program prints`, async () => {
    const { stdout } = await at.ocisign(["-c", "completion", shell]);
    assert.ok(stdout.includes("ocisign"));
    assert.deepEqual(await at.ocisign(["completion", shell]), { code: 0, stdout, stderr: "" });
  });
}

test("no other words are taken for a page's", async () => {
  for (const args of [
    ["imagesigning add", "--help"],
    ["help", "imagesigning add"],
    ["toString", "--help"],
    ["help", "__proto__"],
    ["completion", "constructor"],
    ["completion", "bash", "zsh"],
    ["--version", "-x"],
    ["nothing", "--help"],
  ]) {
    const quick = await at.ocisign(args);
    const whole = await at.ocisign(["-c", ...args]);
    assert.deepEqual(quick, whole, args.join(" "));
  }
});

test("standard output that cannot be written is said, and a reader that has gone is no failure", async () => {
  for (const args of ["--version", "--help", "-c --help"]) {
    const full = await at.bash(`ocisign ${args} > /dev/full`);
    assert.equal(full.code, 1);
    assert.equal(full.stderr, "error: Standard output cannot be written (ENOSPC).\n");
    assert.equal((await at.bash(`ocisign ${args} | true; exit \${PIPESTATUS[0]}`)).code, 0);
  }
});

test("a run after which nothing is left to do, and that has come to no end, has not succeeded", () => {
  const silent = at.file("silent.cjs", 'require("node:fs/promises").open = () => new Promise(() => {});\n');
  const list = at.file("images.txt", `registry.example/app@sha256:${"1".repeat(64)}\n`);
  const key = at.file("key.pem", keyPair("P-256").pem);
  const args = ["--require", silent, entry, "verify", "--from-file", list, "--key", key];
  const { status, stdout } = spawnSync(process.execPath, args, {
    env: { PATH: process.env.PATH, HOME: at.folder },
    encoding: "utf8",
  });
  assert.deepEqual([status, stdout], [1, ""]);
});
