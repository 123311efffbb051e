// The page: what if a link was written to deceive whoever follows it?
import assert from "node:assert/strict";
import { test } from "node:test";
import { hostileTexts } from "../support/hostile.js";
import { usePage } from "../support/page.js";
import { invisible, whatIsThere } from "../support/what-is-there.js";

const on = usePage();

/** Every place of an address that takes a text. @param {string} text */
function addressesWith(text) {
  const one = encodeURIComponent(text);
  const two = encodeURIComponent(one);
  return [
    `#/requests/${one}`,
    `#/requests?filter=${one}&search=${one}&sort=${one}&group=${one}&page=${one}`,
    `#/requests?search=after%3A${one}`,
    `#/batch?ids=${two},${one}`,
    `#/batch?batch=${one}`,
    `#/request?again=${one}`,
    `#/request?batch=${one}`,
    `#/verify?image=${one}`,
    `#/activity?weeks=${one}&product=${one}`,
    `#/${one}`,
  ];
}

// Half of a character stands in no address.
const writable = hostileTexts.map(({ text }) => text).filter((text) => !/\p{Surrogate}/u.test(text));
const texts = [
  { name: "what is markup elsewhere, or hides", text: writable.join(" ") },
  { name: "markup only", text: writable[0] ?? "" },
  { name: "slashes and more", text: "../../a/b?c=d#e&f;%00" },
  { name: "line breaks", text: "one\r\ntwo\u2028three" },
  { name: "very long", text: "x".repeat(3000) },
];

test("whatever an address holds, nothing runs, nothing hides, and nothing is wider than a phone", async () => {
  const viewport = { width: 320, height: 640 };
  const { page, complaints } = await on.open({ name: "Approver one", context: { viewport } });
  for (const { name, text } of texts) {
    for (const address of addressesWith(text)) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, address);
      // What is there at once, and what the service says to it.
      await page.waitForLoadState("networkidle");
      await page.locator("main h2:visible, main [part=error]:visible").first().waitFor();
      const { text: seen, intruders, ran } = await whatIsThere(page);
      assert.deepEqual({ intruders, ran }, { intruders: [], ran: false }, `${name} in ${address}`);
      assert.doesNotMatch(seen, invisible, `${name} in ${address}`);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wider <= 0, `${name} in ${address}: ${wider} px wider`);
      assert.doesNotMatch(await page.title(), invisible);
    }
  }
  // A refused id is told by the service; the browser complains of nothing else.
  assert.deepEqual(
    complaints.filter((it) => !/status of 40\d/.test(it)),
    [],
  );
});
