// Our own page in Chromium, for one person. Whatever it complains about, a test can ask for.
import { complaintsOf } from "./complaints.js";

/**
 * @param {import("playwright-core").Browser} browser @param {{ url: string }} sandbox
 * @param {{ name?: string, hash?: string, context?: import("playwright-core").BrowserContextOptions }} [options] `name` of a person of the sandbox
 */
export async function openPage(browser, sandbox, { name, hash = "", context: given } = {}) {
  const context = await browser.newContext(given);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${sandbox.url}${hash}`);
  await page.locator("[data-usable]").waitFor();
  if (name) await signInAs(page, name);
  return { page, complaints, close: () => context.close() };
}

/** @param {import("playwright-core").Page} page @param {string} name */
export async function signInAs(page, name) {
  await page.getByRole("button", { name, exact: true }).click();
  await page.getByText(`You are ${name}.`).waitFor();
}

/** Decides in the detail that is open: types the end of the digest, and approves. @param {import("playwright-core").Page} page @param {string} image */
export async function approve(page, image) {
  await page.getByLabel("Type the last 8 characters of the digest").fill(image.slice(-8));
  await page.getByRole("button", { name: /^Approve sha256/ }).click();
  await page.getByRole("heading", { name: "Approval recorded" }).waitFor();
}
