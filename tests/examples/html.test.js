// examples/html in a real Chromium: one person requests, another approves, each in a portal of their own.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launchChromium } from "../../tools/machine/browser.js";
import { openPage, portal, readExample, ready } from "../support/examples.js";
import { groupA } from "../support/sandbox.js";

let browser;
let world;
let portals;

before(async () => {
  const roles = ["requester", "approver-one"];
  // The pages name the sandbox, which has to know the portals' origins first: they are filled in when it is there.
  /** @type {Record<string, string>} */
  const pages = {};
  const token = (role) => () => world.sandbox.person(role).token;
  portals = await Promise.all(roles.map((role) => portal({ pages, token: token(role) })));
  world = await ready(
    [groupA],
    portals.flatMap(({ origin }) => ["--allow-origin", origin]),
  );
  pages["/"] = world.adapt(readExample("html/index.html"));
  pages["/portal.js"] = world.adapt(readExample("html/portal.js"));
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await world?.sandbox.close();
  for (const { close } of portals ?? []) close();
});

test("requested in one page, approved in another, verified in the first", async () => {
  const [requester, approver] = portals;
  const asking = await openPage(browser, requester.origin);
  const said = asking.page.getByRole("status");
  await asking.page.getByLabel("Image").fill("nginx");
  await asking.page.getByRole("button", { name: "Request signature" }).click();
  await said.getByText("Begin with the registry").waitFor();

  await asking.page.getByLabel("Image").fill(world.image);
  await asking.page.getByLabel("Why").fill("for the release");
  await asking.page.getByRole("button", { name: "Request signature" }).click();
  await said.getByText(`${world.image}: waiting`).waitFor();

  const deciding = await openPage(browser, approver.origin);
  await deciding.page.getByText(`${world.image}, “for the release”`).waitFor();
  await deciding.page.getByRole("button", { name: "Approve" }).click();
  await deciding.page.getByText(`approved: ${world.image}`).waitFor();

  await said.getByText("verified: Signed by the required key (1 of 1)").waitFor();
  assert.deepEqual([...asking.complaints, ...deciding.complaints], []);
});
