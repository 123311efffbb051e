// Stands for "node:test" where mutants are tried: keeps what test files register, so that a test can run alone, and again.
// It has what these files use of it.
// The real one, which loader.js lets through for this file only.
import { mock } from "node:test";

export { mock };

/**
 * @typedef {{ after: (act: () => unknown) => void, diagnostic: (text: string) => void, mock: typeof mock }} Context
 * @typedef {(context: Context) => unknown} Body
 * @typedef {{ before: (() => unknown)[], beforeEach: (() => unknown)[], afterEach: (() => unknown)[], after: (() => unknown)[], isReady?: Promise<void> }} TestFile
 * @typedef {{ id: string, name: string, file: TestFile, fileName: string, body: Body }} Test
 */

/** The file that is imported now. @type {{ fileName: string, file: TestFile, tests: Test[] } | undefined} */
let importing;
/** @type {string[]} */
let within = [];
/** What the running test ends with. @type {(() => unknown)[] | undefined} */
let endings;

/**
 * Imports a file of tests.
 *
 * @param {string} fileName @param {string} url @param {number} round the package is imported anew for each
 * @returns {Promise<Test[]>} what it registers
 */
export async function collect(fileName, url, round) {
  const file = { before: [], beforeEach: [], afterEach: [], after: [] };
  importing = { fileName, file, tests: [] };
  const { tests } = importing;
  try {
    await import(`${url}?of=${encodeURIComponent(fileName)}&round=${round}`);
    return tests;
  } finally {
    importing = undefined;
    within = [];
  }
}

/** Ends what these files began. @param {Test[]} tests */
export async function dismiss(tests) {
  for (const file of new Set(tests.map((test) => test.file))) {
    // What never began may fail at its end.
    await each(file.after).catch(() => {});
  }
}

/**
 * Runs a test by itself.
 *
 * @param {Test} wanted @param {number} mostMs it fails after this @returns {Promise<Error | undefined>} why it failed
 */
export async function runTest({ file, body }, mostMs) {
  /** @type {(() => unknown)[]} */
  const mine = [];
  endings = mine;
  /** @type {Error[]} */
  const uncaught = [];
  const notice = (/** @type {Error} */ error) => void uncaught.push(error);
  process.on("uncaughtException", notice);
  const context = { after: (/** @type {() => unknown} */ act) => void mine.push(act), diagnostic() {}, mock };
  try {
    file.isReady ??= each(file.before);
    await file.isReady;
    await each(file.beforeEach);
    await inTime(mostMs, body(context));
    return uncaught[0];
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await each(file.afterEach);
    await each(mine);
    mock.reset();
    process.off("uncaughtException", notice);
    endings = undefined;
  }
}

/** @param {number} mostMs @param {unknown} work */
async function inTime(mostMs, work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const end = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It takes longer than ${Math.round(mostMs)} ms.`)), mostMs);
  });
  try {
    await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}

/** @param {(() => unknown)[]} acts */
async function each(acts) {
  for (const act of acts) await act();
}

function registering() {
  if (!importing) throw new Error("A test that registers others while it runs is not known here.");
  return importing;
}

/** @param {string} name @param {unknown[]} rest options, if any, and the body */
export function test(name, ...rest) {
  const { fileName, file, tests } = registering();
  // The last argument of a test is its body.
  const body = /** @type {Body} */ (rest.at(-1));
  const whole = [...within, name].join(" > ");
  tests.push({ id: `${fileName} > ${whole}`, name: whole, file, fileName, body });
}

/** @param {string} name @param {() => void} body */
export function describe(name, body) {
  within = [...within, name];
  body();
  within = within.slice(0, -1);
}

/** @param {() => unknown} act */
export function before(act) {
  registering().file.before.push(act);
}

/** @param {() => unknown} act */
export function beforeEach(act) {
  registering().file.beforeEach.push(act);
}

/** @param {() => unknown} act */
export function afterEach(act) {
  registering().file.afterEach.push(act);
}

/** @param {() => unknown} act what ends a test, or within none a file */
export function after(act) {
  (endings ?? registering().file.after).push(act);
}
