// The scripts of the project itself: how they are told what to do, and when they build again.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { removeLeftovers } from "../../tools/build/leftovers.js";
import { buildWhenStale } from "../../tools/build/stamp.js";
import { wrongIn } from "../../tools/check/cargo-tests.js";
import { nodeTestJob } from "../../tools/check/node-tests.js";
import { byChance, runJobs } from "../../tools/check/pool.js";
import { cargoHome } from "../../tools/machine/cargo.js";
import { root } from "../../tools/machine/command.js";
import { upToDate } from "../../tools/machine/steps.js";

/** @typedef {import("../../tools/check/pool.js").Outcome} Outcome */

/** @param {string} script @param {string[]} args */
function run(script, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, script), ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("options", () => {
  for (const [script, said] of /** @type {[string, RegExp][]} */ ([
    ["tools/tasks/start.js", /--registry-port/],
    ["tools/tasks/demo.js", /--registry-username/],
    ["tools/tasks/weight.js", /--usable/],
    ["tools/tasks/build.js", /npm run build/],
    ["tools/tasks/docs.js", /target\/docs/],
    ["tools/tasks/format.js", /npm run format/],
    ["tools/tasks/picture.js", /README/],
    ["tools/tasks/faults.js", /--signings/],
    ["tools/tasks/simulate.js", /--workers/],
    ["tools/check/size.js", /npm run size/],
    ["tools/check/test.js", /--only .*--also /s],
  ])) {
    test(`${script} --help only says how it is used`, () => {
      const { status, stdout, stderr } = run(script, ["--help"]);
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(stdout, said);
      assert.doesNotMatch(stdout, /npm packages/, "no set-up");
    });

    test(`${script} names an option that it does not have, in one sentence`, () => {
      const { status, stdout, stderr } = run(script, ["--no-such-thing=1"]);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.equal(stderr, "There is no option --no-such-thing: see --help.\n");
    });
  }

  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  /** Whose `--help` is its own: the sandbox is a program in Rust. */
  const own = Object.entries(scripts).filter(
    ([name, command]) => /^node \S+$/.test(String(command)) && name !== "sandbox",
  );

  test("the --help of every script fits beside an editor, and says how it is used", () => {
    assert.ok(own.length > 20, `${own.length} scripts`);
    for (const [name, command] of own) {
      const { status, stdout } = run(String(command).slice("node ".length), ["--help"]);
      const lines = stdout.split("\n");
      assert.equal(status, 0, name);
      assert.match(stdout, new RegExp(`npm (?:run )?${name}\\b`), name);
      const tooLong = lines.filter((line) => line.length > 100);
      assert.deepEqual(tooLong, [], name);
    }
  });

  test("CONTRIBUTING.md names every script", () => {
    const guide = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
    const missing = Object.keys(scripts).filter(
      (name) => !new RegExp(`npm (?:run )?${name}\\b|\`${name}\``).test(guide),
    );
    assert.deepEqual(missing, []);
  });

  for (const [args, said] of /** @type {[string[], string][]} */ ([
    [["--port"], "The option --port needs a value: see --help.\n"],
    [["--port", "--help"], "The option --port needs a value: see --help.\n"],
    [["--port", "65536"], "The option --port needs a whole number from 0 to 65535, not 65536: see --help.\n"],
    [["--port=-1"], "The option --port needs a whole number from 0 to 65535, not -1: see --help.\n"],
    [["--help=yes"], "The option --help takes no value: see --help.\n"],
    [["8088"], "Only options can stand here, not 8088: see --help.\n"],
    [["--port", "1", "--port", "2"], "The option --port is given twice: see --help.\n"],
    [["--port=1", "--port=1"], "The option --port is given twice: see --help.\n"],
  ])) {
    test(`npm start -- ${args.join(" ")} is told what is wrong`, () => {
      assert.deepEqual(run("tools/tasks/start.js", args), { status: 2, stdout: "", stderr: said });
    });
  }

  for (const [script, args] of /** @type {[string, string[]][]} */ ([
    ["tools/tasks/mutants.js", ["--rust", "--only", "src/der.rs", "--only", "src/json.rs"]],
    ["tools/tasks/fuzz.js", ["--target", "reference", "--target", "bundle"]],
    ["tools/tasks/fuzz.js", ["--seconds", "1", "--seconds", "2", "--list"]],
    ["tools/tasks/demo.js", ["--image", "a", "--image", "b"]],
    ["tools/check/test.js", ["--jobs", "1", "--jobs", "2"]],
  ])) {
    test(`${script} ${args.join(" ")} passes over no value`, () => {
      const { status, stdout, stderr } = run(script, args);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, /^The option --\w+ is given twice: see --help\.\n$/);
    });
  }

  test("an option that may be repeated is", () => {
    const { status, stderr } = run("tools/check/test.js", ["--only", "node", "--only", "nothing"]);
    assert.deepEqual([status, stderr.split(",")[0]], [2, "There is no group nothing"]);
  });

  test("npm test lists its groups, and those alone can be chosen", () => {
    assert.match(run("tools/check/test.js", ["--help"]).stdout, /^ {2}browser +browser tests$/m);
    const { status, stderr } = run("tools/check/test.js", ["--only", "node,nothing"]);
    assert.equal(status, 2);
    assert.match(stderr, /^There is no group nothing, only lint, rust, .*: see --help\.\n$/);
  });
});

describe("a stamp", () => {
  let folder;
  let built;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ocisign-stamp-"));
    built = 0;
    for (const name of ["entry", "imported", "builder"]) write(name, name);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const at = (name) => join(folder, name);
  const write = (name, text) => writeFileSync(at(name), text);
  const build = (inputs = ["entry", "imported"], words = "1") =>
    buildWhenStale(at("stamp"), {
      words,
      extraInputs: [at("builder")],
      build: async () => {
        built += 1;
        write("output", "built");
        return { inputs: inputs.map(at), outputs: [at("output")] };
      },
    });

  test("has nothing built again that is as it was", async () => {
    assert.equal(await build(), undefined);
    write("imported", "imported");
    assert.equal(await build(), upToDate);
    assert.equal(built, 1);
  });

  for (const [what, change] of /** @type {[string, () => void][]} */ ([
    ["an input that the build told", () => write("imported", "other")],
    ["an input that went", () => rmSync(at("imported"))],
    ["the builder", () => write("builder", "other")],
    ["an output that went", () => rmSync(at("output"))],
    ["an output by hand", () => write("output", "built, and changed")],
    ["a stamp that is half written", () => write("stamp", '{ "words":')],
  ])) {
    test(`is stale after a change of ${what}`, async () => {
      await build();
      change();
      assert.equal(await build(["entry"]), undefined);
      assert.equal(built, 2);
    });
  }

  test("is stale when other words or other files decide", async () => {
    await build();
    assert.equal(await build(undefined, "2"), undefined);
    assert.equal(await build(undefined, "2"), upToDate);
  });

  test("tells what is left behind by others, which goes", async () => {
    mkdirSync(at("dist/inner"), { recursive: true });
    const outputs = ["dist/made", "dist/inner/made"];
    const made = () =>
      buildWhenStale(at("made.stamp"), {
        build: async () => {
          for (const name of outputs) write(name, "made");
          return { inputs: [], outputs: outputs.map(at) };
        },
      });
    for (const state of [undefined, upToDate]) {
      assert.equal(await made(), state);
      for (const name of ["dist/left.js", "dist/inner/left.js"]) write(name, "left behind");
      symlinkSync(at("entry"), at("dist/link"));
      removeLeftovers(at("dist"));
      assert.deepEqual(readdirSync(at("dist"), { recursive: true }).sort(), ["inner", "inner/made", "made"]);
      assert.equal(readFileSync(at("entry"), "utf8"), "entry");
    }
  });

  test("is not written by a build that failed", async () => {
    await build();
    write("entry", "other");
    const recipe = { words: "1", extraInputs: [at("builder")] };
    const broken = async () => assert.fail("broken");
    await assert.rejects(buildWhenStale(at("stamp"), { ...recipe, build: broken }), /broken/);
    assert.equal(await build(), undefined);
  });
});

test("cargo's folder is the one that cargo takes, whose name goes out of the module", () => {
  for (const [given, expected] of /** @type {[string | undefined, string][]} */ ([
    ["/somewhere/cargo", "/somewhere/cargo"],
    ["/somewhere/cargo/", "/somewhere/cargo"],
    [".cargo-home", join(root, ".cargo-home")],
    ["", join(homedir(), ".cargo")],
    [undefined, join(homedir(), ".cargo")],
  ])) {
    assert.equal(cargoHome({ CARGO_HOME: given }), expected);
  }
});

test("git hands out each file of the sources as it is, whatever a person has set", () => {
  const listed = spawnSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).stdout;
  const asked = spawnSync("git", ["check-attr", "--stdin", "-z", "text"], {
    ...{ cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 },
    input: listed,
  });
  const said = asked.stdout.split("\0");
  assert.ok(said.length > 3000, asked.stderr);
  const others = said.filter((_, at) => at % 3 === 0 && at + 2 < said.length && said[at + 2] !== "unset");
  assert.deepEqual(others, []);
});

describe("the pool", () => {
  const passed = { passed: 1, failed: 0, skipped: 0 };
  const failed = { passed: 0, failed: 1, skipped: 0 };

  /** Runs jobs, each of which ends a turn later. @param {any[]} jobs @param {number} slots */
  async function run(jobs, slots) {
    /** @type {{ started: string[], ended: string[], most: number }} */
    const told = { started: [], ended: [], most: 0 };
    let running = 0;
    const job = (it) => {
      it.run = async () => {
        running += 1;
        told.most = Math.max(told.most, running);
        await new Promise((next) => setImmediate(next));
        running -= 1;
        if (it.throws) throw new Error(it.throws);
        return it.outcome ?? passed;
      };
      return it;
    };
    await runJobs(jobs.map(job), {
      slots,
      onStart: ({ name }) => told.started.push(name),
      onEnd: ({ name }, { problem }) => told.ended.push(problem ? `${name}: ${problem}` : name),
    });
    return told;
  }

  test("runs no more at once than it has slots, the longest first", async () => {
    const jobs = [1, 40, 5, 20].map((seconds) => ({ name: String(seconds), seconds }));
    const { started, most } = await run(jobs, 2);
    assert.deepEqual([started, most], [["40", "20", "5", "1"], 2]);
  });

  test("runs what mostly waits beside the others, without a slot", async () => {
    const jobs = [
      { name: "waiting", seconds: 1, waits: true },
      { name: "long", seconds: 9 },
      { name: "short", seconds: 3 },
    ];
    const { started, most } = await run(jobs, 1);
    assert.deepEqual([started, most], [["long", "waiting", "short"], 2]);
  });

  test("runs first what a long job waits for", async () => {
    const first = { name: "install", seconds: 1 };
    const jobs = [{ name: "middle", seconds: 30 }, { name: "long", seconds: 40, after: [first] }, first];
    assert.deepEqual((await run(jobs, 1)).started, ["install", "long", "middle"]);
  });

  test("runs one at a time of those that have to be alone", async () => {
    const jobs = ["a", "b", "c"].map((name) => ({ name, alone: "cargo" }));
    assert.equal((await run(jobs, 3)).most, 1);
  });

  test("does not run what waits for a failure, and runs all the rest", async () => {
    const broken = { name: "install", outcome: failed };
    const jobs = [broken, { name: "tests", after: [broken] }, { name: "other" }];
    const { ended } = await run(jobs, 1);
    assert.deepEqual(ended.sort(), ["install", "other", "tests: not run, since install failed"]);
  });

  test("takes what a job throws for a failure", async () => {
    assert.deepEqual((await run([{ name: "lint", throws: "found" }], 1)).ended, ["lint: failed"]);
  });

  test("waits for nothing that is over, and for nothing that waits for a failure", async () => {
    const install = { name: "install" };
    const again = await run([{ name: "tests", after: [install] }], 1);
    assert.deepEqual(again.ended, ["tests"]);
    const broken = { name: "download", outcome: failed };
    const next = { name: "install", after: [broken] };
    const { ended } = await run([{ name: "tests", seconds: 90, after: [next] }, next, broken], 1);
    assert.deepEqual(ended, [
      "download",
      "install: not run, since download failed",
      "tests: not run, since install failed",
    ]);
  });

  test("takes few failures for chance, and only where real time plays a part", () => {
    const [timed, other] = [true, false].map((isTimed) => ({
      name: "tests",
      isTimed,
      run: async () => passed,
    }));
    assert.deepEqual(byChance([]), []);
    assert.deepEqual(byChance([timed, timed]), [timed, timed]);
    assert.deepEqual(byChance([timed, other]), []);
    assert.deepEqual(byChance(Array.from({ length: 4 }, () => timed)), []);
  });
});

describe("a file of tests", () => {
  for (const [what, text, expected] of /** @type {[string, string, Outcome][]} */ ([
    [
      "counts passed, failed, skipped and nested tests, and no groups",
      `import { describe, test } from "node:test";
       describe("group", () => { test("in it", () => {}); });
       test("outer", async (t) => { await t.test("inner", () => {}); });
       test("left out", { skip: true }, () => {});
       test("wrong", () => { throw new Error("wrong"); });`,
      { passed: 3, failed: 1, skipped: 1 },
    ],
    ["fails when it crashes", "throw new Error('crash');", { passed: 0, failed: 1, skipped: 0 }],
    ["fails without any test", "export {};", { passed: 0, failed: 1, skipped: 0, problem: "no test ran" }],
    [
      "fails when a hook of a group fails, though its tests passed",
      `import { after, describe, test } from "node:test";
       describe("group", () => { test("in it", () => {}); after(() => { throw new Error("hook"); }); });`,
      { passed: 1, failed: 1, skipped: 0, problem: "ended with code 1" },
    ],
  ])) {
    test(what, async () => {
      const folder = mkdtempSync(join(tmpdir(), "ocisign-file-"));
      try {
        const file = join(folder, "some.test.mjs");
        writeFileSync(file, text);
        const { output, wrong = [], ...counted } = await nodeTestJob(file).run();
        assert.deepEqual(counted, expected, output);
        assert.equal(wrong.length, expected.problem ? 0 : expected.failed);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});

test("of tests in Rust, the end tells which failed, and their last words", () => {
  const text = `test some ... FAILED

failures:

---- some stdout ----

thread 'a/file' (7) panicked at fuzz/src/calls.rs:98:26:
what a thread said
note: run with \`RUST_BACKTRACE=1\`

thread 'some' (8) panicked at tests/fuzzed.rs:41:5:
1 files break a promise:

token is broken by a/file
stack backtrace:
   0: std
---- other stdout ----
Error: "no such file"

failures:
    some
    other
`;
  assert.deepEqual(wrongIn(text), [
    "some: 1 files break a promise: token is broken by a/file ",
    'other: Error: "no such file" ',
  ]);
  const overflowed =
    "running 3 tests\n\nthread 'fuzz/corpus/key/1' (9) has overflowed its stack\nfatal runtime error";
  assert.deepEqual(wrongIn(overflowed), ["fuzz/corpus/key/1: its stack overflowed"]);
});
