// Tells what runs, each suite whole when it has ended, and at the end what came of all and how long it took.
import { duration, elapsed, liveLine } from "../machine/live-line.js";

/**
 * @typedef {import("./pool.js").Job} Job
 * @typedef {import("./pool.js").Outcome} Outcome
 * @typedef {import("./suites.js").Plan & { suite: import("./suites.js").Suite }} Planned
 * @typedef {Outcome & { ms: number }} Ended
 */

/** How many of the longest jobs the end names. */
const mostLongest = 5;

/** @param {Planned[]} planned @param {number} slots */
export function startReport(planned, slots) {
  const begun = performance.now();
  /** @type {Map<Job, number>} */
  const running = new Map();
  /** @type {Map<Job, Ended>} */
  const ended = new Map();
  /** The first outcome of what ran again. @type {Map<Job, Outcome>} */
  const before = new Map();
  const untold = new Set(planned);
  const count = new Set(planned.flatMap(allOf)).size;
  console.log(`\n${count} jobs, ${slots} at a time`);
  const line = liveLine(
    () => `${ended.size} of ${count} … ${runningNow()}`,
    () => `${ended.size} of ${count} jobs ended after ${elapsed(begun)}; running: ${runningNow()}`,
  );

  return {
    /** @param {Job} job */
    started(job) {
      running.set(job, performance.now());
    },

    /** @param {Job} job @param {Outcome} outcome @param {number} ms */
    ended(job, outcome, ms) {
      running.delete(job);
      ended.set(job, { ...outcome, ms });
      if (isFailure(outcome)) line.print(`failed: ${job.name}`);
      for (const plan of untold) {
        if (!allOf(plan).every((it) => ended.has(it))) continue;
        untold.delete(plan);
        line.print(told(plan));
      }
    },

    /** What failed, until now. */
    failed() {
      return [...ended].filter(([, outcome]) => isFailure(outcome)).map(([job]) => job);
    },

    /** Of a job that ran a second time. @param {Job} job @param {Outcome} outcome @param {number} ms */
    endedAgain(job, outcome, ms) {
      running.delete(job);
      const first = ended.get(job);
      if (!first) throw new Error(`${job.name} ran for the first time`);
      before.set(job, first);
      ended.set(job, { ...outcome, ms: first.ms + ms });
      const { output = "" } = outcome;
      line.print(`${headline(`again: ${job.name}`)}\n\n${isFailure(outcome) ? output.trimEnd() : "passed"}`);
    },

    /** How long each job took that did what it should. */
    seconds() {
      const measured = [...ended].filter(([, outcome]) => !isFailure(outcome) && outcome.ms > 0);
      return Object.fromEntries(measured.map(([job, { ms }]) => [job.name, Math.ceil(ms / 1000)]));
    },

    /**
     * The last words. @param {{ setUpMs: number, leftOut: string[] }} more @returns {boolean} whether something failed
     */
    end({ setUpMs, leftOut }) {
      line.end();
      const all = [...ended.values()];
      const failures = [...ended].filter(([, outcome]) => isFailure(outcome));
      console.log(`${headline("summary")}\n${table(setUpMs)}`);
      tell("the longest", longest());
      tell("left out", leftOut);
      const unsteady = [...before].filter(([job]) => !failures.some(([failed]) => failed === job));
      tell("failed beside others, and passed when it ran again by itself", unsteady.map(wrongIn));
      tell("failed", failures.map(wrongIn));
      console.log(`\n${counts(sum(all))}`);
      return failures.length > 0;
    },
  };

  function runningNow() {
    return [...running].map(([job, since]) => `${job.name} ${elapsed(since)}`).join(", ");
  }

  /** What a suite's jobs printed. @param {Planned} plan */
  function told(plan) {
    const texts = allOf(plan).map((job) => {
      const { output = "", problem, ms = 0 } = ended.get(job) ?? {};
      const title = problem ? `${job.name} ${problem}` : `${job.name}, ${duration(ms)}`;
      return output || problem ? `\n${title}\n${output.trimEnd()}` : "";
    });
    const conclusion = plan.conclusion?.();
    return [headline(plan.suite.name), ...texts, conclusion && `\n${conclusion}`].filter(Boolean).join("\n");
  }

  /** @param {number} setUpMs */
  function table(setUpMs) {
    const rows = [
      ["set-up", "", duration(setUpMs)],
      ...planned.flatMap(rowsOf),
      ["all", `${slots} at a time`, duration(performance.now() - begun)],
    ];
    const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
    return rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")).join("\n");
  }

  /** @param {Planned} plan */
  function rowsOf(plan) {
    const all = allOf(plan).flatMap((job) => ended.get(job) ?? []);
    const { ms, ...tests } = sum(all);
    if (!plan.suite.lints) return [[plan.suite.name, counts(tests), duration(ms)]];
    const lint = (/** @type {Job} */ job) => {
      const outcome = ended.get(job);
      return [
        `  ${job.name}`,
        outcome && isFailure(outcome) ? "failed" : "clean",
        duration(outcome?.ms ?? 0),
      ];
    };
    return [
      [plan.suite.name, tests.failed ? `${tests.failed} failed` : "clean", duration(ms)],
      ...plan.jobs.map(lint),
    ];
  }

  function longest() {
    const byTime = [...ended].sort(([, a], [, b]) => b.ms - a.ms).slice(0, mostLongest);
    return byTime.map(([job, { ms }]) => `${job.name}: ${duration(ms)}`);
  }
}

/** What is wrong in a job, and in which of its tests. @param {[Job, Outcome]} ended */
function wrongIn([job, { problem, wrong = [] }]) {
  return [problem ? `${job.name}: ${problem}` : job.name, ...wrong.map((it) => `  ${it}`)].join("\n");
}

/** @param {Planned} plan */
function allOf({ first = [], jobs }) {
  return [...first, ...jobs];
}

/** @param {Outcome} outcome */
function isFailure({ failed, problem }) {
  return failed > 0 || problem !== undefined;
}

/** @param {Ended[]} outcomes */
function sum(outcomes) {
  const total = { passed: 0, failed: 0, skipped: 0, ms: 0 };
  for (const { passed, failed, skipped, ms } of outcomes) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    total.ms += ms;
  }
  return total;
}

/** @param {{ passed: number, failed: number, skipped: number }} it */
function counts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`;
}

/** @param {string} title @param {string[]} lines */
function tell(title, lines) {
  if (lines.length) console.log(`\n${title}:\n${lines.map((line) => `- ${line}`).join("\n")}`);
}

/** @param {string} text */
function headline(text) {
  return `\n── ${text} ${"─".repeat(Math.max(3, 70 - text.length))}`;
}
