// How long the page keeps a person waiting who decides about many requests at once: the longest task of Chromium's main
// thread while it reads them, while the person leaves some out, and while the decisions are sent.
import { requestOf } from "./long-queue.js";
import { watchTasks } from "./long-tasks.js";

/**
 * Signs in at a sandbox's page whose service is played by the driver: it shows so many requests, and takes approvals.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {{ url: string, person: { name: string, objectId?: string, groups?: readonly string[] }, count: number }} given
 * @returns {Promise<import("./long-tasks.js").Waited[]>}
 */
export async function decideAboutMany(browser, { url, person, count }) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  // A machine that does much else sends hundreds of decisions for long.
  page.setDefaultTimeout(120_000);
  const all = Array.from({ length: count }, (_, number) => requestOf(number, person.groups ?? []));
  const byId = new Map(all.map((request) => [request.id, request]));
  await page.route(/\/imagesignings\?/, (route) => {
    const { searchParams } = new URL(route.request().url());
    const offset = Number(searchParams.get("offset") ?? 0);
    return route.fulfill({ json: all.slice(offset, offset + Number(searchParams.get("limit") ?? count)) });
  });
  await page.route(/\/imagesignings\/[^/?]+(\/approve)?$/, (route) => {
    const [, id = "", act] = /imagesignings\/([^/?]+)(\/approve)?$/.exec(route.request().url()) ?? [];
    const request = byId.get(decodeURIComponent(id));
    if (!request) return route.fulfill({ status: 404, json: {} });
    if (act) request.approvals.push({ objectId: person.objectId, name: person.name });
    return route.fulfill({ json: request });
  });
  await page.route(/\/products\/[^/?]+$/, (route) => {
    const id = decodeURIComponent(route.request().url().split("/").at(-1) ?? "");
    const productConfigItems = [{ name: "RegistryURL", value: "registry.example:5000" }];
    return route.fulfill({
      json: { id, name: `Product ${id}`, enabled: true, productOperations: [], productConfigItems },
    });
  });
  await page.goto(url);
  await page.locator("[data-usable]").waitFor();
  await page.getByRole("button", { name: person.name, exact: true }).click();
  const whole = count.toLocaleString("en-US");
  await page
    .locator(".range", { hasText: new RegExp(`of ${whole}$`) })
    .first()
    .waitFor();
  const { measure, waited } = watchTasks(browser, page);
  const rows = page.locator('ocisign-batch [part="row"]');
  await measure("choosing and reading them", async () => {
    await page.getByLabel("Select all on this page").check();
    await page.getByRole("button", { name: `Select all ${whole}` }).click();
    await page.getByRole("button", { name: `Review ${whole}` }).click();
    await rows.nth(count - 1).waitFor();
  });
  await measure("leaving two of them out", async () => {
    for (const left of [count - 1, count - 2]) {
      await page.locator("ocisign-batch [data-leave-out]").nth(1).click();
      await page.getByRole("heading", { name: `Approve ${left} requests` }).waitFor();
      await page.locator("#tail mark").nth(1).waitFor();
      await page.locator('[data-hindrance="drawing"]').waitFor({ state: "detached" });
    }
  });
  await measure("typing the words", async () => {
    const words = (await page.locator("#tail mark").allTextContents()).join(" ");
    await page.locator("#words").pressSequentially(words);
    await page.locator('#decide[aria-disabled="false"]').waitFor();
  });
  await measure("approving them", async () => {
    await page.locator("#decide").click();
    await page.getByRole("heading", { name: new RegExp(`^${count - 2} of `) }).waitFor();
    await page
      .locator('[part="row"][data-outcome="approved"]')
      .nth(count - 3)
      .waitFor();
  });
  await page.close();
  return waited;
}
