// Debian's Firefox, over WebDriver BiDi. playwright-core drives only a Firefox of its own; puppeteer-core speaks what any
// Firefox does. It is installed as a project by itself, since nothing else needs it.
import { createRequire } from "node:module";
import { join } from "node:path";
import { modulesOf } from "../../tools/check/packed-projects.js";
import { findFirefox } from "../../tools/machine/browser.js";

/** Starts it. @returns {Promise<any>} a Browser of puppeteer's */
export async function launchFirefox() {
  const executablePath = findFirefox();
  if (!executablePath) throw new Error("there is no Firefox here: install it, or name it in FIREFOX");
  const { launch } = createRequire(join(modulesOf("firefox"), "puppeteer.js"))("puppeteer-core");
  return launch({ browser: "firefox", executablePath, headless: true });
}
