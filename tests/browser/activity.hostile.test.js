// <ocisign-activity>: what if a service deceives? Nothing runs, nothing is hidden, and the figures stay.
import assert from "node:assert/strict";
import { test } from "node:test";
import { signingOf } from "../support/fake-service.js";
import { hostileTexts, hostileValues } from "../support/hostile.js";
import { mount, useStage } from "../support/stage.js";
import { invisible, whatIsThere } from "../support/what-is-there.js";

const stage = useStage();
const statuses = { 1: "new", 2: "waiting", 16: "signed", 32: "rejected" };
const image = `registry.example/team/app@sha256:${"7".repeat(64)}`;
const now = Date.UTC(2026, 10, 25, 12);

/** @param {string} id @param {unknown} value @param {string} [at] */
function rejected(id, value, at = new Date(now - 1000).toISOString()) {
  const by = { objectId: value, name: value };
  return signingOf(image, {
    ...{ id, name: value, description: value, productId: value, requester: by, status: 32, reason: value },
    ...{ createdAt: at, approvals: [{ ...by, groups: [value], at, comment: value }] },
    history: [{ status: 32, at, by, comment: value }, value],
  });
}

const values = [
  ...hostileTexts.map(({ name, text, seen }) => ({ name, value: text, seen })),
  { name: "very long", value: "long ".repeat(3000), seen: ["long long"] },
  { name: "line breaks", value: "first\nsecond\r\nthird\u2028fourth", seen: ["first", "U+2028"] },
  ...hostileValues.map((value) => ({ name: JSON.stringify(value), value, seen: [] })),
];

for (const { name, value, seen } of values) {
  test(`in every place: ${name}`, async () => {
    const all = [
      rejected("a/b?c#d", value),
      rejected("2", value, typeof value === "string" ? value : undefined),
    ];
    const service = await stage.serve(({ path }) => ({
      body: path.includes("/products")
        ? [{ id: value, name: value }]
        : Number(new URL(path, "http://s").searchParams.get("offset")) > 0
          ? []
          : all,
    }));
    const { page, complaints } = await stage.openAgain();
    await page.setViewportSize({ width: 320, height: 640 });
    await page.clock.setFixedTime(now);
    const given = { baseUrl: service.url, token: "t", profile: { statuses } };
    const properties = { product: typeof value === "string" ? value : "" };
    await mount(page, "ocisign-activity", { service: given, properties });
    await page.getByRole("heading", { name: "Export" }).waitFor();
    const { text, intruders, ran } = await whatIsThere(page);
    assert.deepEqual({ intruders, ran }, { intruders: [], ran: false });
    assert.doesNotMatch(text, invisible);
    for (const part of seen) assert.ok(text.includes(part), `${part} can be seen`);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wider <= 0, `${wider} px wider than a phone`);
    assert.deepEqual(complaints, []);
  });
}
