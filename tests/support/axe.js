// Accessibility, judged by axe: every rule of WCAG 2.2 A and AA and its best practices, through shadow trees.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** @typedef {import("playwright-core").Page} Page */

/**
 * Fails when axe finds anything, in light or in dark. In dark it is asked about colours only: the other rules look at
 * what no colour scheme changes.
 *
 * @param {Page} page @param {string} state what is on the page, for the message
 */
export async function checkAccessibility(page, state) {
  // By the debugger, since the page's own policy lets no script in.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(source);
  await page.emulateMedia({ colorScheme: "light" });
  assert.deepEqual(await violations(page), [], `${state}, light`);
  await page.emulateMedia({ colorScheme: "dark" });
  assert.deepEqual(await violations(page, "cat.color"), [], `${state}, dark`);
  await page.emulateMedia({ colorScheme: null });
}

/**
 * What breaks a rule, of those in a category when one is given.
 *
 * @param {Page} page @param {string} [category] @returns {Promise<string[]>}
 */
function violations(page, category) {
  return page.evaluate(
    async ({ tags, category }) => {
      /** @type {import("axe-core")} */
      const axe = globalThis.axe;
      const others = axe.getRules(tags).filter((rule) => category && !rule.tags.includes(category));
      // What sticks to an edge covers a part of whatever is scrolled there, and axe takes that for its size. Everything
      // can be scrolled from under it: axe sees the bar at its own place, where it covers nothing.
      const bars = [...document.querySelectorAll("ocisign-signing")].flatMap((element) => {
        const bar = element.shadowRoot?.querySelector(".bar");
        return bar instanceof HTMLElement ? [bar] : [];
      });
      for (const bar of bars) bar.style.position = "static";
      const result = await axe.run(document, {
        runOnly: tags,
        rules: Object.fromEntries(others.map(({ ruleId }) => [ruleId, { enabled: false }])),
        // Nothing else is read, and to collect it takes long on a large page.
        resultTypes: ["violations"],
      });
      for (const bar of bars) bar.removeAttribute("style");
      return result.violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary}`).join("; ")}`,
      );
    },
    { tags, category },
  );
}
