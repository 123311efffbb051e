// Chromium and Firefox, both by the same few names: newPage, goto, evaluate, close.
import { createRequire } from "node:module";
import { join } from "node:path";
import { findFirefox, launchChromium } from "../../../tools/browser.js";
import { modulesOf } from "../../../tools/packed-projects.js";

/** @type {Record<string, () => Promise<any>>} */
export const browsers = { Chromium: () => launchChromium(), Firefox: launchFirefox };

// playwright-core drives only a Firefox of its own; puppeteer-core speaks WebDriver BiDi, which any Firefox does. It is
// a project by itself, since nothing else here needs it.
async function launchFirefox() {
  const executablePath = findFirefox();
  if (!executablePath) throw new Error("there is no Firefox here: install it, or name it in FIREFOX");
  const { launch } = createRequire(join(modulesOf("firefox"), "puppeteer.js"))("puppeteer-core");
  return launch({ browser: "firefox", executablePath, headless: true });
}

/** Opens a page; `complaints` are its errors and warnings. @param {any} browser @param {string} url */
export async function openPage(browser, url) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (/^(error|warn)/.test(message.type()) && !isOrdinary404(message, url)) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}

/** Browsers report every 404: that of the icon which they ask for, and of a signature that is not there yet. */
function isOrdinary404(message, page) {
  const from = new URL(message.location()?.url || page);
  return (
    /\b404\b/.test(message.text()) &&
    (from.pathname === "/favicon.ico" || from.origin !== new URL(page).origin)
  );
}
