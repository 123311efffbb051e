// Runs jobs side by side, as many as the machine has processors: first what others wait for, and what takes longest.
import { describe } from "../machine/steps.js";

/**
 * @typedef {object} Job
 * @property {string} name
 * @property {Job[]} [after] what has to succeed before it, if it is among the jobs
 * @property {string} [alone] of all jobs with this word only one runs at a time
 * @property {boolean} [isTimed] real time plays a part, such as that of a browser: it may fail by chance
 * @property {boolean} [waits] it mostly waits, and runs beside the others without a slot
 * @property {number} [seconds] how long it took last time
 * @property {() => Promise<Outcome>} run
 *
 * @typedef {object} Outcome
 * @property {number} passed @property {number} failed @property {number} skipped
 * @property {string} [problem] why it failed, where no test says it
 * @property {string} [output] what it printed
 * @property {string[]} [wrong] each test that failed, and why
 */

/** Of a job that never ran here; the long ones are known soon. */
const unknownSeconds = 30;

/**
 * @param {Job[]} jobs
 * @param {{ slots: number, onStart: (job: Job) => void, onEnd: (job: Job, outcome: Outcome, ms: number) => void }} options
 */
export async function runJobs(jobs, { slots, onStart, onEnd }) {
  const urgency = urgencies(jobs);
  const waiting = [...jobs].sort((a, b) => urgencyOf(b) - urgencyOf(a));
  /** @type {Map<Job, Promise<unknown>>} */
  const running = new Map();
  /** @type {Map<Job, boolean>} */
  const succeeded = new Map();
  // What is not among them has run before: a job that runs again waits for nothing that is over.
  const isOver = (/** @type {Job} */ job) => succeeded.get(job) ?? !jobs.includes(job);

  while (waiting.length || running.size) {
    dropHopeless();
    for (let job = next(); job; job = next()) start(job);
    if (running.size) await Promise.race(running.values());
    else if (waiting.length) throw new Error(`${waiting[0]?.name} waits for what never runs`);
  }

  /** @param {Job} job */
  function urgencyOf(job) {
    return urgency.get(job) ?? 0;
  }

  function next() {
    const now = [...running.keys()];
    const inUse = new Set(now.map(({ alone }) => alone));
    const isFull = now.filter(({ waits }) => !waits).length >= slots;
    const isReady = (/** @type {Job} */ { after = [], alone, waits }) =>
      (waits || !isFull) && after.every(isOver) && (alone === undefined || !inUse.has(alone));
    return waiting.find(isReady);
  }

  /** @param {Job} job */
  function start(job) {
    waiting.splice(waiting.indexOf(job), 1);
    onStart(job);
    const started = performance.now();
    const done = outcomeOf(job).then((outcome) => {
      running.delete(job);
      end(job, outcome, performance.now() - started);
    });
    running.set(job, done);
  }

  /** @param {Job} job @param {Outcome} outcome @param {number} ms */
  function end(job, outcome, ms) {
    succeeded.set(job, outcome.failed === 0 && !outcome.problem);
    onEnd(job, outcome, ms);
  }

  // What a job waits for can fail; then it cannot run.
  function dropHopeless() {
    for (const job of [...waiting]) {
      const failed = job.after?.find((it) => succeeded.get(it) === false);
      if (!failed) continue;
      waiting.splice(waiting.indexOf(job), 1);
      end(job, { passed: 0, failed: 0, skipped: 0, problem: `not run, since ${failed.name} failed` }, 0);
    }
  }
}

/** More failures than these are no chance. */
const mostByChance = 3;

/**
 * Which of the failures may have come by chance, and run once more, each by itself: those in which real time plays a
 * part, if they are few and nothing else failed.
 *
 * @param {Job[]} failed
 */
export function byChance(failed) {
  return failed.length <= mostByChance && failed.every(({ isTimed }) => isTimed) ? failed : [];
}

/** What a job throws is its failure. @param {Job} job @returns {Promise<Outcome>} */
async function outcomeOf(job) {
  try {
    return await job.run();
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, problem: "failed", output: `${describe(error)}\n` };
  }
}

/** For each job how long it and what waits for it will take. @param {Job[]} jobs */
function urgencies(jobs) {
  /** @type {Map<Job, number>} */
  const found = new Map();
  /** @param {Job} job @returns {number} */
  const find = (job) => {
    const known = found.get(job);
    if (known !== undefined) return known;
    const later = jobs.filter(({ after }) => after?.includes(job)).map(find);
    const urgency = secondsOf(job) + queueBehind(job) + Math.max(0, ...later);
    found.set(job, urgency);
    return urgency;
  };
  for (const job of jobs) find(job);
  return found;

  /** Those that have to be alone wait for each other. @param {Job} job */
  function queueBehind(job) {
    if (job.alone === undefined) return 0;
    const queue = jobs.filter((other) => other !== job && other.alone === job.alone);
    return queue.map(secondsOf).reduce((sum, seconds) => sum + seconds, 0);
  }
}

/** @param {Job} job */
function secondsOf({ seconds = unknownSeconds }) {
  return seconds;
}
