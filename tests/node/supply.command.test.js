// `npm run supply`: does it tell apart what was found, what was not, and what was not asked?
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { acceptedOn } from "../../tools/check/supply/accepted.js";
import { answered, notAsked } from "../../tools/check/supply/answers.js";
import { outcomeOf } from "../../tools/check/supply/jobs.js";
import { cargoDeny } from "../../tools/machine/cargo-tools.js";
import { finish, run } from "../../tools/machine/command.js";
import { listening } from "../support/listening.js";
import { temporaryFolder } from "../support/sandbox.js";

const advisory = {
  ...{ id: 1, url: "https://github.com/advisories/GHSA-0000-test", title: "Reads what it should not" },
  ...{ severity: "high", vulnerable_versions: "<=7.0.3", cwe: [], cvss: { score: 0 } },
};

/** A server that gives the same answer to every question about faults. @param {number} status @param {unknown} body */
async function answering(status, body) {
  const server = createServer(({ method, url = "" }, reply) => {
    // npm looks up which versions of a package there are, to tell which have the fault.
    const name = decodeURIComponent(url.slice(1));
    const versions = { "7.0.3": { name, version: "7.0.3" } };
    const about = { name, "dist-tags": { latest: "7.0.3" }, versions };
    const isLookUp = method === "GET" && status === 200;
    reply.writeHead(status, { "content-type": "application/json" });
    reply.end(JSON.stringify(isLookUp ? about : body));
  });
  const { port, close } = await listening(server);
  after(close);
  return `http://127.0.0.1:${port}`;
}

/** @param {string[]} args @param {string} [registry] of npm */
async function supply(args, registry) {
  const env = { npm_config_registry: registry, npm_config_cache: undefined };
  const { code, output } = await finish(process.execPath, ["tools/tasks/supply.js", ...args], { env });
  return { code, output };
}

describe("advisories of npm packages", () => {
  test("what the registry knows is told, and fails the run", async () => {
    const { code, output } = await supply(
      ["--only", "npm"],
      await answering(200, { "csv-parse": [advisory] }),
    );
    assert.match(output, /found: the registry's advisories/);
    assert.match(output, /csv-parse <=7\.0\.3: Reads what it should not \(high, .*GHSA-0000-test\)/);
    assert.match(output, /2 questions: 1 found something/);
    assert.match(output, /To ask again: npm run supply -- --only npm$/m);
    assert.equal(code, 1, output);
  });

  test("a registry that knows nothing was asked", async () => {
    const { output } = await supply(["--only", "npm"], await answering(200, {}));
    assert.match(output, /nothing found: the registry's advisories/);
    assert.match(output, /2 questions: 0 found something, 1 found nothing/);
  });

  for (const [status, more, ending] of /** @type {const} */ ([
    [405, [], 0],
    [500, ["--strict"], 1],
  ])) {
    test(`one that answers ${status} was not asked: the end is ${ending} with ${more.length} options`, async () => {
      const { code, output } = await supply(["--only", "npm", ...more], await answering(status, {}));
      assert.match(output, new RegExp(`not asked: .*${status}`));
      assert.match(output, /0 found something, 0 found nothing, 2 not asked/);
      assert.match(output, /What was not asked has not passed/);
      assert.equal(code, ending, output);
    });
  }
});

describe("advisories of crates, by a cargo-deny that says what it is told to", () => {
  const { folder, remove } = temporaryFolder("supply");
  after(remove);
  const program = join(folder, "bin", `${cargoDeny.name}`);
  mkdirSync(join(folder, "bin"));
  writeFileSync(
    program,
    `#!/bin/sh
case " $* " in
  *" --version "*) echo "${cargoDeny.name} ${cargoDeny.version}" ;;
  *" fetch "*) echo "error: no route to $OCISIGN_TEST_FETCH" >&2; exit "$OCISIGN_TEST_FETCH" ;;
  *" advisories "*) printf '%b' "$OCISIGN_TEST_SAID" >&2; exit "$OCISIGN_TEST_FOUND" ;;
esac
`,
    { mode: 0o755 },
  );

  /** A copy of the database, of a day. @param {Date} day */
  async function copyOf(day) {
    const copy = mkdtempSync(join(folder, "copy-"));
    const date = day.toISOString();
    const env = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    const who = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    await run("git", ["init", "--quiet", "--initial-branch", "main", copy]);
    mkdirSync(join(copy, "crates"));
    writeFileSync(join(copy, "crates", "RUSTSEC-0000-0000.md"), "");
    for (const args of [
      ["add", "."],
      [...who, "commit", "--quiet", "-m", "advisories"],
    ])
      await run("git", ["-C", copy, ...args], { env });
    return copy;
  }

  const fault = "error[vulnerability]: RUSTSEC-0000-0000\\nadvisories FAILED\\n";

  /** @param {{ day?: Date, fetch?: number, found?: number, said?: string, args?: string[] }} how */
  async function asked({ day = new Date(), fetch = 0, found = 0, said = found ? fault : "", args = [] }) {
    const copy = await copyOf(day);
    const env = {
      CARGO_HOME: folder,
      OCISIGN_TEST_FETCH: `${fetch}`,
      OCISIGN_TEST_FOUND: `${found}`,
      OCISIGN_TEST_SAID: said,
    };
    const command = ["tools/tasks/supply.js", "--only", "crates", "--advisory-db", copy, ...args];
    return finish(process.execPath, command, { env });
  }

  test("a fault is told, and fails the run", async () => {
    const { code, output } = await asked({ found: 1 });
    assert.match(
      output,
      /found: RustSec as of \d{4}-\d\d-\d\d, with \d+ advisories; .*\n.*RUSTSEC-0000-0000/,
    );
    assert.equal(code, 1, output);
  });

  test("a new copy that knows nothing was asked", async () => {
    const { code, output } = await asked({ args: ["--strict"] });
    assert.match(output, /nothing found: RustSec as of/);
    assert.match(output, /2 questions: 0 found something, 2 found nothing, 0 not asked/);
    assert.equal(code, 0, output);
  });

  test("an old copy that knows nothing was not asked, and one that knows something was", async () => {
    const day = new Date("2020-02-03T12:00:00Z");
    const nothing = await asked({ day });
    assert.match(nothing.output, /not asked: the copy is of 2020-02-03/);
    assert.equal(nothing.code, 0, nothing.output);
    assert.equal((await asked({ day, args: ["--strict"] })).code, 1);
    assert.match((await asked({ day, found: 1 })).output, / found: RustSec as of 2020-02-03/);
  });

  test("where crates or their index cannot be read, nothing was asked, and nothing found", async () => {
    const crates = await asked({ found: 1, said: "[ERROR] failed to fetch crates: no route" });
    assert.match(crates.output, /not asked: cargo-deny ended with 1: .*no route/);
    assert.match(crates.output, /0 found something/);
    const index = await asked({
      said: "warning[index-failure]: unable to check for yanked crates\\nadvisories ok",
    });
    assert.match(index.output, /not asked: the index of crates was not read/);
    assert.equal(index.code, 0, index.output);
  });

  test("a copy that cannot be read was not asked", async () => {
    const { code, output } = await asked({ fetch: 2 });
    assert.match(output, /not asked: .* could not be read: error: no route to 2/);
    assert.equal(code, 0, output);
  });
});

describe("a path that holds no advisories is refused, before anything is asked", () => {
  const { folder, remove } = temporaryFolder("supply");
  after(remove);

  /** @param {string} path */
  async function refused(path) {
    const { code, output } = await supply(["--only", "crates", "--advisory-db", path]);
    assert.equal(code, 2, output);
    return output;
  }

  test("one that is not there", async () => {
    const path = join(folder, "nowhere");
    assert.match(await refused(path), /nowhere is no clone of https:\/\/github\.com\/RustSec\/advisory-db/);
  });

  test("an empty folder", async () => {
    assert.match(await refused(folder), /is no clone of .* with its branch main/);
  });

  test("another repository", async () => {
    const path = join(folder, "other");
    await run("git", ["init", "--quiet", "--initial-branch", "main", path]);
    const who = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    await run("git", ["-C", path, ...who, "commit", "--quiet", "--allow-empty", "-m", "nothing"]);
    assert.match(await refused(path), /is no clone of .* with its branch main/);
  });
});

describe("in a run of all tests", () => {
  const question = { name: "crates", about: /** @type {const} */ ("crates"), ask: async () => notAsked("") };

  test("what was found is a failure, with the command that asks again", () => {
    const { wrong, ...outcome } = outcomeOf(question, answered("RustSec", "RUSTSEC-0000-0000\nof serde"));
    assert.deepEqual([outcome.passed, outcome.failed, outcome.skipped], [0, 1, 0]);
    assert.deepEqual(wrong, [
      "to ask again: npm run supply -- --advisories --only crates; found: RUSTSEC-0000-0000 of serde",
    ]);
  });

  test("what was not asked has not passed", () => {
    const { output, ...outcome } = outcomeOf(question, notAsked("no route"));
    assert.deepEqual(outcome, { passed: 0, failed: 0, skipped: 1 });
    assert.match(output, /not asked: no route/);
    assert.equal(outcomeOf(question, answered("RustSec", "")).passed, 1);
  });
});

test("where no source of advisories answers, each is told, and no program is compiled", async () => {
  const registry = await answering(405, {});
  const { folder, remove } = temporaryFolder("supply");
  try {
    const args = ["--advisories", "--go-database", registry];
    // No program of cargo is kept here: one would have to be compiled.
    const env = {
      ...{ npm_config_registry: registry, CARGO_HOME: folder, XDG_CACHE_HOME: folder },
      ...{ GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: `url.file://${folder}/nowhere.insteadOf` },
      GIT_CONFIG_VALUE_0: "https://github.com/RustSec/advisory-db",
    };
    const { code, output } = await finish(process.execPath, ["tools/tasks/supply.js", ...args], { env });
    assert.match(output, /not asked: https:.*RustSec.* could not be read: fatal: /);
    assert.match(output, /not asked: .*405/);
    assert.match(output, /3 questions: 0 found something, 0 found nothing, 3 not asked/);
    assert.doesNotMatch(output, /compiling/);
    assert.equal(code, 0, output);
  } finally {
    remove();
  }
});

test("Go's database that answers otherwise was not asked", async () => {
  const { code, output } = await supply(["--only", "go", "--go-database", await answering(503, {})]);
  assert.match(output, /not asked: (http:.* it answered 503|go is missing)/);
  assert.equal(code, 0, output);
});

test("a subject that it does not know is refused", async () => {
  const { code, output } = await supply(["--only", "npm,ruby"]);
  assert.equal(code, 2, output);
  assert.match(output, /no subject ruby, only crates, npm, go/);
});

test("what is accepted counts as found after its day", () => {
  const list = [{ id: "GHSA-0000-test", reason: "nothing of it runs", until: "2026-03-31" }];
  assert.deepEqual(acceptedOn(new Date("2026-03-31T12:00:00Z"), list), list);
  assert.deepEqual(acceptedOn(new Date("2026-04-01T00:00:00Z"), list), []);
});
