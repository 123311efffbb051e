import { which } from "./command.js";

/** Without these Chromium calls home, asks questions on its first start, or refuses to run as root. */
export const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** Where Chromium is, or undefined. */
export function findChromium() {
  return process.env.CHROMIUM ?? which("chromium") ?? which("chromium-browser") ?? which("google-chrome");
}

/** Starts Chromium for a test. @param {string[]} more flags */
export async function launchChromium(more = []) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("there is no Chromium here: install it, or name it in CHROMIUM");
  const { chromium } = await import("playwright-core");
  return chromium.launch({ executablePath, args: [...flags, ...more] });
}

/** Where Firefox is, or undefined. */
export function findFirefox() {
  return process.env.FIREFOX ?? which("firefox-esr") ?? which("firefox");
}
