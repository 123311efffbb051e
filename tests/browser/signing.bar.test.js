// <ocisign-signing>: is everything that matters for a decision in sight, and does it lead from one request to the next?
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility } from "../support/axe.js";
import { elsewhere, isReady, known, shownText, tail, useSigning } from "../support/signing-element.js";
import { focused, focusOn, told } from "../support/stage.js";

const { openFake } = useSigning();
const request = {
  name: "Gateway",
  description: "CVE-2026-1234",
  requester: { name: "Ann", objectId: "ann" },
  requiredGroups: ["a", "b"],
  missingGroups: ["a", "b"],
};
const properties = { identity: { objectId: "me", name: "Me", groups: ["a"] }, nextId: "next" };

test("the bar stays in sight, wherever one reads, in the pane of a laptop and on a phone", async () => {
  const { page } = await openFake(request, { properties });
  for (const [width, height] of /** @type {const} */ ([
    [780, 700],
    [390, 844],
  ])) {
    await page.setViewportSize({ width, height });
    await page.locator("#approve").waitFor();
    for (const share of [0, 0.5, 1]) {
      const seen = await page.evaluate((part) => {
        scrollTo(0, document.documentElement.scrollHeight * part);
        const shadow = globalThis.element.shadowRoot;
        const { bottom } = shadow.querySelector("#approve").getBoundingClientRect();
        const { top, height } = shadow.querySelector(".bar").getBoundingClientRect();
        return { approve: bottom <= innerHeight, end: top >= 0, share: height / innerHeight };
      }, share);
      assert.ok(seen.approve && seen.end, `${width}: ${JSON.stringify(seen)}`);
      assert.ok(seen.share < 0.35, `${width}: ${seen.share}`);
    }
    const bar = await shownText(page, ".bar");
    for (const part of ["team/app", tail, "Then b"]) assert.ok(bar.includes(part), `${part}: ${bar}`);
  }
});

test("in a low window the bar hides nothing: it stands at the end", async () => {
  const { page } = await openFake(request, { properties });
  await page.setViewportSize({ width: 640, height: 400 });
  await page.locator("#approve").waitFor();
  const position = await page.evaluate(
    () => getComputedStyle(globalThis.element.shadowRoot.querySelector(".bar")).position,
  );
  assert.equal(position, "static");
});

test("base64 and text that agree are one line; where they do not, nothing is folded", async () => {
  const { page } = await openFake(request);
  const subject = page.locator('[part="subject"]');
  await subject.getByText("Base64 and decoded text agree").waitFor();
  assert.equal(await subject.getByText("As the service stores it").isVisible(), false);
  assert.equal(await page.evaluate(() => globalThis.element.folded), 0);
  for (const uri of [`${elsewhere}\n`, elsewhere.replace("@", ":1.2@")]) {
    const odd = await openFake({
      ...request,
      payload: { name: "n", optionalParameters: [{ artifactURI: btoa(uri) }] },
    });
    await odd.page.locator('[part="subject"]').getByText("As the service stores it").waitFor();
    assert.equal(await odd.page.getByText("Base64 and decoded text agree").count(), 0);
  }
});

test("to the next request and back, and on after a decision with the focus on the way", async () => {
  const { page, posts } = await openFake(request, { properties: { ...properties, previousId: "before" } });
  await page.getByRole("button", { name: "Previous request" }).click();
  await page.getByRole("button", { name: "Next request" }).click();
  assert.deepEqual(await told(page, "ocisign-previous"), [{ id: "before" }]);
  assert.deepEqual(await told(page, "ocisign-next"), [{ id: "next" }]);
  await page.locator("#tail").fill(tail);
  await isReady(page).waitFor();
  await page.locator("#approve").click();
  await focusOn(page, "next-request");
  // The queue has closed the gap by now: what was next stays next.
  await page.evaluate(() => {
    globalThis.element.nextId = "another";
  });
  await checkAccessibility(page, "after a decision");
  await page.keyboard.press("Enter");
  assert.deepEqual((await told(page, "ocisign-next")).at(-1), { id: "next" });
  assert.equal(posts().length, 1);
});

test("without a next request the receipt has the focus", async () => {
  const { page } = await openFake(request, { properties: { ...properties, nextId: undefined } });
  assert.equal(await page.getByRole("button", { name: "Next request" }).count(), 0);
  await page.locator("#tail").fill(tail);
  await isReady(page).waitFor();
  await page.locator("#approve").click();
  await page.locator('[part="receipt"]').waitFor();
  await page.waitForFunction(() => globalThis.element.shadowRoot.activeElement?.id === "receipt");
  assert.equal(await focused(page), "receipt");
});

test("one's own request is withdrawn, which the service records as a rejection", async () => {
  const own = { ...properties.identity, groups: ["a"] };
  const { page, posts } = await openFake(
    { ...request, requester: own },
    { properties: { ...properties, identity: own } },
  );
  await page.getByRole("button", { name: "Withdraw…" }).click();
  await checkAccessibility(page, "withdrawing");
  await page.locator("#reason").fill("another build follows");
  await page.getByRole("button", { name: "Withdraw the request" }).click();
  await page.getByRole("heading", { name: "Withdrawal recorded" }).waitFor();
  const [{ path, body }] = posts();
  assert.match(path, /\/reject$/);
  assert.equal(JSON.parse(body).comment, "another build follows");
});

test("a web address gets a link that names its host; what imitates one stays a text", async () => {
  const link = "https://ci.example.com/p/9001?x=1#log";
  const texts = [
    "javascript:alert(1)",
    "https://your-bank.example@evil.example/",
    "https://b\u00fcrger.example/",
    "https://ci.example.com/a b",
    "https://CI.example.com/",
    `see ${link}`,
    "ftp://ci.example.com/",
    "https://ci.example.com/\u202e",
  ];
  const metadata = [link, ...texts].map((value, index) => ({ name: `n${index}`, value }));
  const { page, complaints } = await openFake({
    ...request,
    payload: { name: "n", metadata, optionalParameters: [{ artifactURI: btoa(elsewhere) }] },
  });
  const links = page.locator(".metadata a");
  await links.first().waitFor();
  assert.equal(await links.count(), 1);
  assert.deepEqual(
    await links.evaluate((it) => ["href", "rel", "target"].map((name) => it.getAttribute(name))),
    [link, "noopener noreferrer nofollow", "_blank"],
  );
  assert.match(await links.innerText(), /^Open ci\.example\.com/);
  assert.ok((await shownText(page, ".metadata")).includes(link), "the text itself is whole");
  assert.deepEqual(known(complaints), []);
});

test("the request's link is copied, if it is one of the web", async () => {
  const { page } = await openFake(request, { properties: { ...properties, href: "#/requests/1" } });
  await page.evaluate(() => {
    const writeText = async (/** @type {string} */ text) => {
      globalThis.copied = text;
    };
    Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
  });
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByRole("status").getByText("Copied.").waitFor();
  assert.equal(await page.evaluate(() => globalThis.copied), `${new URL(page.url()).origin}/#/requests/1`);
  for (const href of [undefined, "javascript:alert(1)", 7, null]) {
    await page.evaluate((given) => {
      globalThis.element.href = given;
      return globalThis.element.updateComplete;
    }, href);
    assert.equal(await page.getByRole("button", { name: "Copy link" }).count(), 0, String(href));
  }
});

test("two people or groups of one name are told apart by their ids", async () => {
  const { page } = await openFake(
    {
      ...request,
      requester: { name: "Ann", objectId: "impostor-1" },
      approvals: [{ name: "ann ", objectId: "ann-the-first", groups: ["a"] }],
    },
    { properties },
  );
  assert.match(await shownText(page, '[part="origin"] dl'), /impostor-1/);
  assert.match(await shownText(page, '[part="approvals"]'), /ann-the-first/);
});

test("on paper everything is there, unfolded, and to have printed it is not to have read it", async () => {
  const long = `${"word ".repeat(600)}the end`;
  const history = [{ status: 2, at: "2026-11-22T14:02:11Z", comment: "as asked" }];
  const { page } = await openFake({ ...request, description: long, history }, { properties });
  await page.locator('[data-hindrance="folded"]').waitFor();
  await page.emulateMedia({ media: "print" });
  const isPrinting = (/** @type {boolean} */ now) =>
    page.evaluate((name) => void dispatchEvent(new Event(name)), now ? "beforeprint" : "afterprint");
  await isPrinting(true);
  await page.locator('[part="origin"]').getByText("the end").waitFor();
  for (const text of ["as asked", '"optionalParameters"', "As the service stores it, in base64"])
    await page.getByText(text).first().waitFor();
  assert.equal(await page.locator("button:visible, input:visible").count(), 0);
  await isPrinting(false);
  await page.emulateMedia({ media: null });
  await page.locator('[data-hindrance="folded"]').waitFor();
  assert.equal(await page.evaluate(() => globalThis.element.folded), 1);
});

test("a slot under the head is the portal's, for what changed", async () => {
  const { page } = await openFake(request);
  await page.evaluate(() => {
    const changes = document.createElement("p");
    changes.slot = "changes";
    changes.textContent = "Since 1.17: 3 commits";
    globalThis.element.append(changes);
  });
  const [head, slot, subject] = await Promise.all(
    ['[part="head"]', 'slot[name="changes"]', '[part="subject"]'].map((it) =>
      page.locator(it).evaluate((node) => {
        const [shown] = node instanceof HTMLSlotElement ? node.assignedElements() : [node];
        return /** @type {Element} */ (shown).getBoundingClientRect().top;
      }),
    ),
  );
  assert.ok(head < slot && slot < subject, `${[head, slot, subject]}`);
});
