// `npm test`: sets up what the wanted suites need, and runs all their jobs side by side.
import { availableParallelism } from "node:os";
import { setUp } from "../build/set-up.js";
import { readOptions, refuse, wholeNumber } from "../machine/options.js";
import { byChance, runJobs } from "./pool.js";
import { startReport } from "./report.js";
import { suites } from "./suites.js";
import { keepTimes, readTimes } from "./times.js";

/** @typedef {import("./suites.js").Suite} Suite */

const groups = [...new Set(suites.map((suite) => suite.group))];
const processors = String(availableParallelism());

const usage = `Runs tests and lints: all but those that run on request only.

  npm test [-- --only GROUP,GROUP --also GROUP --jobs ${processors} --large --again]

  --only   these groups, and no others
  --also   these groups, too
  --jobs   how many jobs run at a time; this machine has ${processors} processors
  --large  texts and lists as large as an attacker would make them, in the tests of the page and in Node
  --again  few failures in files where real time plays a part: these files run once more, each by itself, and the
           summary says so
  --help   this text

Groups:

${groups.map((group) => `  ${group.padEnd(12)} ${wordsOf(group)}`).join("\n")}`;

const { wanted, slots, again } = readWishes();
const chosen = suites.filter(({ group }) => wanted.includes(group));

const started = performance.now();
console.log("set-up");
const uses = (/** @type {"sandbox" | "page" | "tests"} */ what) =>
  chosen.some((it) => it.builds?.includes(what));
const programs = await setUp({ sandbox: uses("sandbox"), page: uses("page"), tests: uses("tests") });
const setUpMs = performance.now() - started;

const { able, leftOut } = await sortOut(chosen);
const planned = able.map((suite) => ({ suite, ...suite.plan(programs) }));
const jobs = [...new Set(planned.flatMap(({ first = [], jobs }) => [...first, ...jobs]))];
const times = readTimes();
for (const job of jobs) job.seconds = times[job.name];

const report = startReport(planned, slots);
await runJobs(jobs, { slots, onStart: report.started, onEnd: report.ended });
if (again) {
  const unsteady = byChance(report.failed());
  await runJobs(unsteady, { slots: 1, onStart: report.started, onEnd: report.endedAgain });
}
keepTimes(report.seconds());
const failed = report.end({
  setUpMs,
  leftOut: leftOut.map(({ suite, reason }) => `${suite.name}: ${reason}`),
});

// In CI a suite that did not run is a suite that nobody will ever run.
const incomplete = process.env.CI === "true" && leftOut.some(({ suite }) => !suite.optional?.());
if (failed || incomplete) process.exitCode = 1;

function readWishes() {
  const list = /** @type {const} */ ({ type: "string", multiple: true });
  const options = readOptions(usage, {
    only: list,
    also: list,
    jobs: { type: "string", default: processors },
    large: { type: "boolean" },
    again: { type: "boolean" },
  });
  // tests/support/large.js reads it. Set here, and not in package.json, it works in every shell.
  if (options.large) process.env.OCISIGN_LARGE = "1";
  const usual = suites.filter(({ onRequest }) => !onRequest).map(({ group }) => group);
  const named = [...(options.only ?? usual), ...(options.also ?? [])].flatMap((value) => value.split(","));
  const unknown = named.find((group) => !groups.includes(group));
  if (unknown !== undefined) refuse(`there is no group ${unknown}, only ${groups.join(", ")}`);
  const slots = wholeNumber("jobs", options.jobs, 1, 1_000);
  return { wanted: named, slots, again: options.again === true };
}

/** @param {string} group */
function wordsOf(group) {
  const members = suites.filter((suite) => suite.group === group);
  const onRequest = members.some((suite) => suite.onRequest) ? "; on request only" : "";
  return members.map(({ name }) => name).join(", ") + onRequest;
}

/** Which suites this machine can run. @param {Suite[]} wishes */
async function sortOut(wishes) {
  /** @type {Suite[]} */
  const able = [];
  /** @type {{ suite: Suite, reason: string }[]} */
  const leftOut = [];
  // One after the other: some install a Debian package.
  for (const suite of wishes) {
    const reason = await suite.missing?.();
    if (reason) leftOut.push({ suite, reason });
    else able.push(suite);
  }
  return { able, leftOut };
}
