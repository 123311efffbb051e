// The elements in a portal whose own styles are hostile: nothing comes in but what a portal may set, nothing leaks out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { elements, loader, policy, useStage } from "../support/stage.js";

const names = ["ocisign-request", "ocisign-approvals", "ocisign-signing", "ocisign-batch", "ocisign-verify"];

const hostile = `
  * { all: unset !important; letter-spacing: 9px !important; visibility: hidden; }
  :root { --o-text: red; --o-mono: serif; }
  body { font: 40px serif; text-transform: uppercase; line-height: 3; color: red; direction: rtl; text-align: right;
    white-space: pre; cursor: wait; word-spacing: 20px; text-indent: 50px; quotes: none; hyphens: auto; }
  p, div, span, label, button, h2, fieldset, ocisign-text { display: none !important; }
  button, input, textarea, select { background: red !important; font-size: 5px !important; }
  .stack, .row, .notice, .shell, .panel { display: none !important; }
  ::placeholder, ::before, ::after { color: red !important; content: "!" !important; }
`;

/** What a portal has itself, some of it by names of ours. */
const own = [
  "p",
  "button.primary",
  "input",
  "h2",
  "ul.stack.row",
  "code.notice",
  "div.shell",
  "mark",
  "details",
];

const stage = useStage();

/** Opens a portal with these styles, without the elements' own loading. @param {string} style */
async function openPortal(style) {
  const { page } = await stage.newPage({ viewport: { width: 900, height: 900 } });
  await page.route("**/stage.css", (route) => route.fulfill({ contentType: "text/css", body: style }));
  await page.route("**/stage.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  await page.goto(stage.origin);
  return page;
}

/** @param {import("playwright-core").Page} page */
async function addElements(page) {
  await page.evaluate(
    async ({ names, loader, elements }) => {
      const { default: init } = await import(`${location.origin}${loader}`);
      await import(`${location.origin}${elements}`);
      await init();
      for (const tag of names) {
        /** @type {any} */
        const element = document.createElement(tag);
        // Something to see: an error, and with it a text from elsewhere.
        if (tag === "ocisign-verify")
          Object.assign(element, { reference: "registry.example/Team/app\u202e", publicKey: "x" });
        document.querySelector("main")?.append(element);
        await element.updateComplete;
        for (const text of element.shadowRoot.querySelectorAll("ocisign-text")) await text.updateComplete;
      }
    },
    { names, loader, elements },
  );
}

/**
 * The computed styles of everything in the elements, by place; lengths in a page of the same width.
 *
 * @param {import("playwright-core").Page} page
 */
function insides(page) {
  return page.evaluate((tags) => {
    /** @param {Element} element @param {string} path */
    const walk = (element, path) => {
      const style = getComputedStyle(element);
      const values = Object.fromEntries(
        [...style].filter((name) => !name.startsWith("--")).map((name) => [name, style[name]]),
      );
      const within = [...(element.shadowRoot?.querySelectorAll(":scope > *") ?? []), ...element.children];
      return [
        [path, values],
        ...within.flatMap((child, index) =>
          walk(child, `${path}/${child.localName}.${child.className}[${index}]`),
        ),
      ];
    };
    return tags.flatMap((tag) =>
      walk(/** @type {Element} */ (document.querySelector(tag)?.shadowRoot?.querySelector(".shell")), tag),
    );
  }, names);
}

test("a portal's styles change nothing inside", async () => {
  const plain = await openPortal("main { display: block; width: 600px }");
  await addElements(plain);
  const expected = await insides(plain);
  assert.ok(expected.length > 50);
  const other = await openPortal(`${hostile} main { display: block !important; width: 600px !important }`);
  await addElements(other);
  const found = await insides(other);
  assert.equal(found.length, expected.length);
  for (const [index, [path, values]] of found.entries()) {
    const [, before] = expected[index];
    const changed = Object.keys(values).filter((name) => values[name] !== before[name]);
    assert.deepEqual(
      changed.map((name) => [name, before[name], values[name]]),
      [],
      path,
    );
  }
});

test("the elements change nothing of the portal", async () => {
  const page = await openPortal("main { display: block }");
  await page.evaluate((kinds) => {
    for (const kind of kinds) {
      const [name, ...classes] = kind.split(".");
      const element = document.createElement(name);
      element.className = `own ${classes.join(" ")}`;
      element.append("The portal's own");
      document.querySelector("main")?.before(element);
    }
  }, own);
  const styles = () =>
    page.evaluate(() =>
      [document.body, ...document.querySelectorAll(".own")].map((element) => {
        const style = getComputedStyle(element);
        // The page gets longer.
        const names = [...style].filter(
          (name) => !/^(block-size|height|perspective-origin|transform-origin)$/.test(name),
        );
        return [element.className, Object.fromEntries(names.map((name) => [name, style[name]]))];
      }),
    );
  const before = await styles();
  await addElements(page);
  assert.deepEqual(await styles(), before);
  assert.equal(await page.evaluate(() => document.adoptedStyleSheets.length), 0);
  assert.equal(await page.evaluate(() => document.head.querySelectorAll("style").length), 0);
});

test("what a portal may set is taken, on the element or on any ancestor", async () => {
  const page = await openPortal(
    `body { --ocisign-accent: rgb(1, 2, 3) }
     ocisign-verify { --ocisign-font-size: 20px }
     ocisign-verify::part(heading) { color: rgb(4, 5, 6) }`,
  );
  await addElements(page);
  /** @param {string} selector @param {string} name */
  const style = (selector, name) =>
    page.evaluate(
      ([wanted, property]) => {
        const inside = document.querySelector("ocisign-verify")?.shadowRoot?.querySelector(wanted);
        return getComputedStyle(/** @type {Element} */ (inside))[property];
      },
      [selector, name],
    );
  assert.equal(await style("button.primary", "backgroundColor"), "rgb(1, 2, 3)");
  assert.equal(await style("label", "fontSize"), "20px");
  assert.equal(await style("h2", "color"), "rgb(4, 5, 6)");
});

/** A script that draws by a copy of Lit of its own. */
async function ownLit() {
  const contents =
    'import { html, render } from "lit"; render(html`<p class="own">Its own</p>`, document.querySelector("main"));';
  const stdin = { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) };
  const { outputFiles } = await build({ stdin, bundle: true, format: "esm", write: false });
  return outputFiles[0].text;
}

for (const [name, allowed, draws] of [
  ["does not let a second Lit in unless it says so", "lit-html ocisign", false],
  ["lets a portal draw by a Lit of its own", "lit-html ocisign 'allow-duplicates'", true],
]) {
  test(`a policy with Trusted Types ${name}`, async () => {
    const script = await ownLit();
    const { page } = await stage.newPage();
    const headers = {
      "content-security-policy": policy.replace(/trusted-types .*$/, `trusted-types ${allowed}`),
    };
    await page.route(`${stage.origin}/`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), ...headers } });
    });
    await page.route("**/stage.js", (route) =>
      route.fulfill({ contentType: "text/javascript", body: script }),
    );
    await page.goto(stage.origin);
    await page.locator(".own").waitFor();
    const loaded = addElements(page);
    if (draws) {
      await loaded;
      await page.getByRole("heading", { name: "Verify an image" }).waitFor();
    } else {
      await assert.rejects(loaded, /"lit-html" already exists/);
    }
  });
}
