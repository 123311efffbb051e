// Stryker's way to our tests: all of them in one process, where a mutant is one value of a variable. So a mutant costs what
// the tests cost that reach it, and no start of Node. What lives is tried once more with everything imported anew: what
// the package keeps, such as imported keys, was then made by the mutant, too.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire, register } from "node:module";
import { join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { commonTokens, declareClassPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";

register("./loader.js", import.meta.url);

/** What Stryker's instrumented code asks. */
const noted = /** @type {{ __stryker__: Record<string, any> }} */ (/** @type {unknown} */ (globalThis));
noted.__stryker__ ??= {};
const state = noted.__stryker__;

/** How long each test took without a mutant, for the processes that Stryker starts later. */
const times = "reports/times.json";

/** @returns {Record<string, number>} */
const readTimes = () => JSON.parse(readFileSync(times, "utf8"));

const built = resolve("pkg", "dist") + sep;
const { cache } = createRequire(import.meta.url);

class NodeTestRunner {
  static inject = tokens(commonTokens.options, commonTokens.logger);

  /** @param {{ nodeTest: { folder: string, begin: string[], mostMs: number, slowMs: number } }} options */
  constructor(options, log) {
    this.options = options.nodeTest;
    this.log = log;
    this.round = 0;
    /** How long each file of tests took to import. @type {Map<string, number>} */
    this.imports = new Map();
  }

  capabilities() {
    // A mutant that acts while a file is imported gets a round of its own.
    return { reloadEnvironment: true };
  }

  async init() {
    mkdirSync("reports", { recursive: true });
    process.on("unhandledRejection", () => {});
    this.shim = await import("./node-test.js");
  }

  async dryRun() {
    const results = [];
    for (const test of await this.first()) {
      const result = await this.runOne(test);
      const why = this.whyNot(result);
      if (why === undefined) results.push(result);
      else {
        delete state.mutantCoverage.perTest[test.id];
        this.log.warn(`left out, as it ${why} without a mutant: ${test.id}`);
      }
    }
    const spent = Object.fromEntries(results.map(({ id, timeSpentMs }) => [id, timeSpentMs]));
    writeFileSync(times, JSON.stringify(spent));
    return { status: DryRunStatus.Complete, tests: results, mutantCoverage: state.mutantCoverage };
  }

  /** @param {import("@stryker-mutator/api/test-runner").MutantRunOptions} options */
  async mutantRun({ activeMutant: { id }, hitLimit, testFilter }) {
    const all = await this.first();
    // Stryker's limit is a hundred times what all tests reach the mutant: minutes, where a loop does not end.
    const limit = hitLimit && Math.ceil(hitLimit / 20) + 1_000_000;
    Object.assign(state, { hitLimit: limit, hitCount: limit && 0, activeMutant: id });
    const { mostMs } = this.options;
    // Without a filter, it acts while files are imported.
    const ran = testFilter ? await this.untilFailure(this.quickest(all, mostMs, testFilter)) : [];
    // Nothing says which tests reach one that acts so: it has to do with all.
    const most = testFilter ? mostMs / 4 : Number.POSITIVE_INFINITY;
    const again = () => this.anew(this.quickest(all, most, testFilter, new Map(this.imports)));
    const tests = ran.some(isFailed) ? ran : await again();
    state.activeMutant = undefined;
    const reached = determineHitLimitReached(state.hitCount, limit);
    return toMutantRunResult(reached ?? { status: DryRunStatus.Complete, tests });
  }

  /** All tests, as they are imported before any mutant acts. */
  async first() {
    this.tests ??= await this.load(this.files());
    return this.tests;
  }

  files() {
    const { folder, begin } = this.options;
    return readdirSync(folder)
      .filter((name) => name.endsWith(".test.js") && begin.some((it) => name.startsWith(it)))
      .sort()
      .map((name) => join(folder, name));
  }

  /** Imports the package and these files of tests, as if it had not been imported before. @param {string[]} files */
  async load(files) {
    this.round += 1;
    for (const path of Object.keys(cache)) if (path.startsWith(built)) delete cache[path];
    const tests = [];
    for (const file of files) {
      const began = performance.now();
      tests.push(...(await this.shim.collect(file, pathToFileURL(resolve(file)).href, this.round)));
      this.imports.set(file, performance.now() - began);
    }
    return tests;
  }

  /** Runs these tests with everything imported anew. */
  async anew(chosen) {
    const [one] = chosen;
    if (!one) return [];
    let tests = [];
    try {
      tests = await this.load([...new Set(chosen.map(({ fileName }) => fileName))]);
      const same = chosen.map(({ id }) => tests.find((test) => test.id === id));
      return await this.untilFailure(same);
    } catch (error) {
      return [
        {
          id: one.id,
          name: one.id,
          timeSpentMs: 0,
          status: TestStatus.Failed,
          failureMessage: String(error),
        },
      ];
    } finally {
      await this.shim.dismiss(tests);
    }
  }

  async untilFailure(tests) {
    const spent = readTimes();
    const results = [];
    for (const test of tests) {
      results.push(await this.runOne(test, 5_000 + 20 * spent[test.id]));
      if (results.some(isFailed)) break;
    }
    return results;
  }

  /** Why a test says nothing of mutants: on a busy machine, some give up on what takes too long. */
  whyNot({ status, timeSpentMs }) {
    if (status !== TestStatus.Success) return "fails";
    return timeSpentMs > this.options.slowMs ? "takes too long" : undefined;
  }

  /** The tests that reach a mutant, the quickest first, as many as there is time for. @param imports if they count, too */
  quickest(tests, mostMs, testFilter, imports = new Map()) {
    const spent = readTimes();
    const sorted = tests
      .filter(({ id }) => id in spent && (!testFilter || testFilter.includes(id)))
      .sort((a, b) => spent[a.id] - spent[b.id]);
    let left = mostMs;
    return sorted.filter(({ id, fileName }, place) => {
      const cost = spent[id] + (imports.get(fileName) ?? 0);
      if (cost > left && place > 0) return false;
      left -= cost;
      imports.delete(fileName);
      return true;
    });
  }

  /** A test that waits for ever ends by itself: a process that Stryker ends has to import everything again. */
  async runOne(test, mostMs = 120_000) {
    state.currentTestId = test.id;
    const began = performance.now();
    const failure = await this.shim.runTest(test, mostMs);
    state.currentTestId = undefined;
    const told = {
      id: test.id,
      name: test.id,
      fileName: test.fileName,
      timeSpentMs: performance.now() - began,
    };
    return failure
      ? { ...told, status: TestStatus.Failed, failureMessage: failure.stack ?? failure.message }
      : { ...told, status: TestStatus.Success };
  }
}

function isFailed({ status }) {
  return status === TestStatus.Failed;
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "node-test", NodeTestRunner)];

export const strykerValidationSchema = {
  properties: {
    nodeTest: {
      type: "object",
      properties: {
        folder: { type: "string" },
        begin: { type: "array", items: { type: "string" } },
        mostMs: { type: "number" },
        slowMs: { type: "number" },
      },
      required: ["folder", "begin", "mostMs", "slowMs"],
    },
  },
};
