// Chromium and Firefox, both by the same few names: newPage, goto, evaluate, close.
import { launchChromium } from "../../../tools/machine/browser.js";
import { launchFirefox } from "../../support/firefox.js";

/** @type {Record<string, () => Promise<any>>} */
export const browsers = { Chromium: () => launchChromium(), Firefox: launchFirefox };

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
