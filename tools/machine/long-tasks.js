// The longest task of Chromium's main thread while a person does something: so long the page answers to nothing.

/** What a task may take before a person notices it, as browsers say, in milliseconds. */
export const noticed = 50;

/**
 * `longestMs` is the processor's time: what other programs of the machine take of it is none of the page's doing.
 *
 * @typedef {{ doing: string, longestMs: number }} Waited
 */

/** @typedef {{ name: string, ph: string, pid: number, tid: number, tdur?: number, args?: any }} TraceEvent */

/** @param {import("playwright-core").Browser} browser @param {import("playwright-core").Page} page */
export function watchTasks(browser, page) {
  /** @type {Waited[]} */
  const waited = [];
  return {
    waited,
    /** @param {string} doing @param {() => Promise<unknown>} work */
    async measure(doing, work) {
      await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline", "__metadata"] });
      await work();
      // The last of them ends once the page has drawn.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
      const { traceEvents } = JSON.parse((await browser.stopTracing()).toString("utf8"));
      waited.push({ doing, longestMs: longestOf(traceEvents) });
    },
  };
}

/** @param {TraceEvent[]} events */
function longestOf(events) {
  const mains = new Set(
    events
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = events.filter(({ name, pid, tid }) => name.endsWith("RunTask") && mains.has(`${pid} ${tid}`));
  if (tasks.length === 0) throw new Error("Chromium traced no task of its main thread.");
  return tasks.reduce((most, { tdur = 0 }) => Math.max(most, tdur / 1000), 0);
}
