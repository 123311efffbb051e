// Stryker's way to our tests: all of them in one process, where a mutant is one value of a variable. So a mutant costs what
// the tests cost that reach it, and no start of Node.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import { join, resolve } from "node:path";
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

class NodeTestRunner {
  static inject = tokens(commonTokens.options, commonTokens.logger);

  /** @param {{ nodeTest: { folder: string, begin: string[], mostMs: number, slowMs: number } }} options */
  constructor(options, log) {
    this.options = options.nodeTest;
    this.log = log;
    this.isLoaded = false;
  }

  capabilities() {
    // What was imported stays: for a mutant that acts while a file is imported, Stryker starts a process.
    return { reloadEnvironment: false };
  }

  async init() {
    mkdirSync("reports", { recursive: true });
    process.on("unhandledRejection", () => {});
    this.shim = await import("./node-test.js");
  }

  async load() {
    if (this.isLoaded) return;
    const { folder, begin } = this.options;
    const names = readdirSync(folder).filter(
      (name) => name.endsWith(".test.js") && begin.some((it) => name.startsWith(it)),
    );
    for (const name of names.sort()) {
      const file = join(folder, name);
      await this.shim.collect(file, pathToFileURL(resolve(file)).href);
    }
    this.isLoaded = true;
  }

  async dryRun() {
    await this.load();
    const results = [];
    for (const test of this.shim.tests) {
      const result = await this.runOne(test);
      const why = this.whyNot(result);
      if (why === undefined) results.push(result);
      else {
        delete state.mutantCoverage.perTest[test.id];
        this.log.warn(`left out, as it ${why} without a mutant: ${test.id}`);
      }
    }
    writeFileSync(
      times,
      JSON.stringify(Object.fromEntries(results.map(({ id, timeSpentMs }) => [id, timeSpentMs]))),
    );
    return { status: DryRunStatus.Complete, tests: results, mutantCoverage: state.mutantCoverage };
  }

  /** @param {import("@stryker-mutator/api/test-runner").MutantRunOptions} options */
  async mutantRun({ activeMutant, hitLimit, mutantActivation, testFilter }) {
    state.hitLimit = hitLimit;
    state.hitCount = hitLimit ? 0 : undefined;
    if (mutantActivation === "static") state.activeMutant = activeMutant.id;
    await this.load();
    state.activeMutant = activeMutant.id;
    const spent = readTimes();
    const tests = [];
    for (const test of this.quickest(testFilter, spent)) {
      const result = await this.runOne(test, 5_000 + 20 * spent[test.id]);
      tests.push(result);
      if (result.status === TestStatus.Failed) break;
    }
    state.activeMutant = undefined;
    const reached = determineHitLimitReached(state.hitCount, hitLimit);
    return toMutantRunResult(reached ?? { status: DryRunStatus.Complete, tests });
  }

  /** Why a test says nothing of mutants: on a busy machine, some give up on what takes too long. */
  whyNot({ status, timeSpentMs }) {
    if (status !== TestStatus.Success) return "fails";
    return timeSpentMs > this.options.slowMs ? "takes too long" : undefined;
  }

  /** The tests that reach a mutant, the quickest first, as many as the settings have time for. */
  quickest(testFilter, spent) {
    const sorted = this.shim.tests
      .filter(({ id }) => id in spent && (!testFilter || testFilter.includes(id)))
      .sort((a, b) => spent[a.id] - spent[b.id]);
    let left = this.options.mostMs;
    return sorted.filter(({ id }, place) => {
      left -= spent[id];
      return left >= 0 || place === 0;
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
