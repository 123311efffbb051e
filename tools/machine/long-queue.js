// How long the page keeps a person waiting while its queue holds many requests: the longest task of Chromium's main
// thread, for each thing that the person does.
import { createHash } from "node:crypto";
import { watchTasks } from "./long-tasks.js";

/**
 * Signs in at a sandbox's page whose service is played by the driver: it lists so many requests.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {{ url: string, person: { name: string, groups?: readonly string[] }, count: number }} given
 * @returns {Promise<import("./long-tasks.js").Waited[]>}
 */
export async function workThrough(browser, { url, person, count }) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const all = Array.from({ length: count }, (_, number) => requestOf(number, person.groups ?? []));
  await page.route(/\/imagesignings(\?|$)/, (route) => {
    const { searchParams } = new URL(route.request().url());
    const offset = Number(searchParams.get("offset") ?? 0);
    return route.fulfill({ json: all.slice(offset, offset + Number(searchParams.get("limit") ?? count)) });
  });
  await page.goto(url);
  await page.locator("[data-usable]").waitFor();
  const { measure, waited } = watchTasks(browser, page);
  const shows = (/** @type {string | RegExp} */ range) =>
    page.locator(".range", { hasText: range }).first().waitFor();
  const whole = count.toLocaleString("en-US");
  await measure("reading them all", async () => {
    await page.getByRole("button", { name: person.name, exact: true }).click();
    await shows(new RegExp(`of ${whole}$`));
  });
  await measure("searching, letter by letter", async () => {
    await page.getByLabel("Search").pressSequentially("image-12 v2");
    await shows(/of [\d,]+$/);
    await page.getByLabel("Search").fill("");
    await shows(new RegExp(`of ${whole}$`));
  });
  await measure("all, in another order", async () => {
    await page.getByRole("radio", { name: /^All/ }).check();
    for (const order of ["Image, A to Z", "Requester, A to Z", "Product, Z to A", "Oldest first"])
      await page.getByLabel("Sort by").selectOption(order);
  });
  await measure("in groups", async () => {
    for (const group of ["By repository", "By batch", "By requester", "No groups"])
      await page.getByLabel("Group by").selectOption(group);
  });
  await measure("turning pages, and selecting", async () => {
    await page.getByRole("button", { name: "Next page" }).first().click();
    await page.getByLabel("Select all on this page").check();
    await page.getByRole("button", { name: `Select all ${whole}` }).click();
    await page.getByRole("button", { name: `Review ${whole}` }).waitFor();
  });
  await page.close();
  return waited;
}

/** @param {number} number @param {readonly string[]} groups */
export function requestOf(number, groups) {
  const digest = createHash("sha256").update(String(number)).digest("hex");
  const image = `registry.example:5000/team-${number % 40}/image-${number}@sha256:${digest}`;
  return {
    id: `${digest.slice(0, 8)}-0000-4000-8000-${String(number).padStart(12, "0")}`,
    status: 2,
    name: `Release ${number % 60}`,
    description: `Release ${number % 60} of everything, as agreed with the customer on Monday`,
    productId: `product-${number % 12}`,
    requester: { objectId: `person-${number % 90}`, name: `Person ${number % 90}` },
    createdAt: new Date(Date.UTC(2026, 10, 1) - number * 600_000).toISOString(),
    requiredGroups: groups,
    missingGroups: groups,
    approvals: /** @type {{ objectId: string | undefined, name: string }[]} */ ([]),
    history: [],
    payload: {
      name: "OCI sign request",
      metadata: [
        { name: "Version", value: `v2.${number}` },
        { name: "Pipeline", value: `https://ci.example/pipelines/${number}` },
        { name: "ocisign-batch", value: `release-${number % 60}` },
      ],
      optionalParameters: [{ artifactURI: Buffer.from(image).toString("base64") }],
    },
  };
}
