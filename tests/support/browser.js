// One Chromium for a test file. Whatever a test opens is closed after it.
import { after, afterEach, before } from "node:test";
import { launchChromium } from "../../tools/machine/browser.js";
import { complaintsOf } from "./complaints.js";
import { clientsOf, testSandbox } from "./sandbox.js";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").Locator} Locator
 * @typedef {import("playwright-core").BrowserContextOptions} ContextOptions
 */

/** What was begun before, which the next one may need: Node's runner begins all hooks at once. */
let begun = Promise.resolve();

/**
 * Starts something before the tests of a file, and ends it after them.
 *
 * @template T @param {() => Promise<T>} start @param {(value: T) => unknown} end
 * @returns {() => T} gives it while tests run; earlier it is a mistake to ask
 */
export function useWhileTesting(start, end) {
  /** @type {{ value: T } | undefined} */
  let held;
  before(() => {
    begun = begun.then(async () => {
      held = { value: await start() };
    });
    return begun;
  });
  after(() => held && end(held.value));
  return () => {
    if (!held) throw new Error("it is there only while tests run");
    return held.value;
  };
}

/** A sandbox for the tests of a file. @param {() => string[]} [args] more arguments, read when it starts */
export function useSandbox(args = () => []) {
  return useWhileTesting(
    async () => {
      const sandbox = await testSandbox({ args: args() });
      return { sandbox, as: await clientsOf(sandbox) };
    },
    ({ sandbox }) => sandbox.close(),
  );
}

/** A Chromium for the tests of a file. */
export function useBrowser() {
  const browser = useWhileTesting(
    () => launchChromium(),
    (it) => it.close(),
  );
  /** @type {(() => unknown)[]} */
  const opened = [];
  /** Closes this after the test. @param {() => unknown} close */
  const closeAfterTest = (close) => void opened.push(close);
  afterEach(async () => {
    // A page goes before the service that it calls: it would complain.
    for (let close = opened.pop(); close; close = opened.pop()) await close();
  });

  /** A person: cookies, storage and permissions of their own. @param {ContextOptions} [options] */
  async function newContext(options) {
    const context = await browser().newContext(options);
    closeAfterTest(() => context.close());
    return context;
  }

  /**
   * A page for a person. `complaints` are what its console and its Content-Security-Policy say; with a list given,
   * they are noted there.
   *
   * @param {ContextOptions & { complaints?: string[] }} [options]
   */
  async function newPage({ complaints, ...options } = {}) {
    const page = await (await newContext(options)).newPage();
    return { page, complaints: complaintsOf(page, complaints) };
  }

  /** @type {Awaited<ReturnType<typeof newPage>> | undefined} */
  let kept;

  /**
   * One page for all tests that ask for it, as it was when it was new but for the window itself: a browser takes
   * longer to open a window than many a test takes. What is in it is up to the test, which has to load it again.
   */
  async function keptPage() {
    if (!kept) {
      const page = await browser().newPage();
      kept = { page, complaints: complaintsOf(page) };
    }
    const { page, complaints } = kept;
    await page.unrouteAll();
    await page.setViewportSize({ width: 1280, height: 720 });
    complaints.length = 0;
    return { page, complaints };
  }

  return { closeAfterTest, newContext, newPage, keptPage };
}
