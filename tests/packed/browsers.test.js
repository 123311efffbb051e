// The packed package in browsers without a bundler: as docs/install.md shows it, and whatever can go wrong there.
import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { browsers, openPage } from "./support/browsers.js";
import { filesOf } from "./support/docs.js";
import { openProject } from "./support/project.js";
import { openSite } from "./support/site.js";
import { openTasks } from "./support/task.js";

const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
const loader = "/node_modules/ocisign/dist/browser.js";
const wasm = "/node_modules/ocisign/dist/ocisign.wasm";
const documented = { ...filesOf("Browsers, without a bundler"), ...filesOf("Web workers") };

let site;
let tasks;
let project;

before(async () => {
  site = await openSite();
  tasks = await openTasks([site.origin]);
  project = await openProject({ name: "node", tools: false, files: documented });
  const read = (name) => readFileSync(join(project.folder, name), "utf8");
  project.write({
    "main.js": `${documented["main.js"]}\nimport "./app.js";\n`,
    "worker.js": `${documented["worker.js"]}\nimport "./sign-worker.js";\n`,
    // Import maps do not reach workers.
    "sign-worker.js": read("sign-worker.js").replace('"ocisign"', `"${loader}"`),
    "start.js": read("start.js").replace('"ocisign"', `"${loader}"`),
  });
  cpSync(join(project.folder, "node_modules", "ocisign"), join(project.folder, "other", "ocisign"), {
    recursive: true,
  });
});
after(async () => {
  await tasks?.close();
  project?.remove();
  site?.close();
});

for (const [name, launch] of Object.entries(browsers)) {
  describe(name, () => {
    let browser;
    before(async () => {
      browser = await launch();
    });
    after(() => browser?.close());

    /** A page that has loaded nothing yet. @param {Record<string, any>} [answers] of the server */
    async function open(answers = {}) {
      site.serve(project.folder, answers);
      const { page } = await openPage(browser, `${site.origin}/open.html`);
      await page.waitForFunction(() => globalThis.offered);
      return {
        init: (source) => page.evaluate((given) => globalThis.offered.init(given ?? undefined), source),
        parse: (text) => page.evaluate((given) => globalThis.offered.parse(given), text),
        page,
      };
    }

    test("the documented page and worker, and the program in both", async () => {
      site.serve(project.folder);
      const { page, complaints } = await openPage(
        browser,
        `${site.origin}/?image=${encodeURIComponent(image)}`,
      );
      await page.waitForFunction((text) => document.body.textContent.trim() === text, ...only(name, image));
      const inPage = await tasks.taskFor(`${name.toLowerCase()}-page`);
      await tasks.check(inPage, await page.evaluate((task) => globalThis.offered.sign(task), inPage));
      const inWorker = await tasks.taskFor(`${name.toLowerCase()}-worker`);
      await tasks.check(inWorker, await page.evaluate((task) => globalThis.offered.ask(task), inWorker));
      assert.equal(await page.evaluate((text) => globalThis.offered.ask(text), image), image);
      assert.deepEqual(complaints, []);
      await page.close();
    });

    test("whatever is called before init() says so", async () => {
      const { parse, init, page } = await open();
      const early = await parse(image);
      assert.deepEqual([early.own, early.code], [true, "not-initialized"]);
      assert.match(early.fix, /await init\(\)/);
      assert.equal(await init(), "loaded");
      assert.equal(await parse(image), image);
      await page.close();
    });

    for (const [what, answer, message, fix] of /** @type {const} */ ([
      [
        "is not there",
        { status: 404, body: "no" },
        /\/elsewhere\.wasm answered 404/,
        /Serve ocisign\.wasm there/,
      ],
      [
        "is a page",
        html("text/html"),
        /from http.*\/elsewhere\.wasm could not be loaded/,
        /something else came, perhaps a page of HTML/,
      ],
      [
        "is a page that claims to be wasm",
        html("application/wasm"),
        /from http.*\/elsewhere\.wasm/,
        /perhaps a page of HTML/,
      ],
      [
        "is cut short",
        { body: "\0asm\x01\0\0\0\x01" },
        /from http.*\/elsewhere\.wasm/,
        /Check that ocisign\.wasm is served/,
      ],
      [
        "cannot be reached",
        { drop: true },
        /could not be fetched from .*\/elsewhere\.wasm:/,
        /the server is up/,
      ],
    ])) {
      test(`a module that ${what}, and then the right one`, async () => {
        const { init, parse, page } = await open({ "/elsewhere.wasm": answer });
        const refused = await init("/elsewhere.wasm?key=secret");
        assert.deepEqual([refused.own, refused.code], [true, "init-failed"]);
        assert.match(refused.message, message);
        assert.match(refused.fix, fix);
        assert.doesNotMatch(refused.message + refused.fix, /secret/);
        assert.equal((await parse(image)).code, "not-initialized");
        assert.equal(await init(), "loaded");
        assert.equal(await parse(image), image);
        await page.close();
      });
    }

    test("a module of the wrong media type, or of none, is loaded all the same", async () => {
      for (const headers of [
        { "content-type": "text/plain" },
        { "content-type": "application/octet-stream" },
        {},
      ]) {
        const { init, parse, page } = await open({ [wasm]: { headers } });
        assert.equal(await init(), "loaded");
        assert.equal(await parse(image), image);
        await page.close();
      }
    });

    test("a Content-Security-Policy that forbids WebAssembly: the fix names the directive, and it works", async () => {
      for (const type of ["application/wasm", "text/plain"]) {
        const answers = (script) => ({
          "/open.html": {
            headers: { "content-type": "text/html", "content-security-policy": `script-src ${script}` },
          },
          [wasm]: { headers: { "content-type": type } },
        });
        const strict = await open(answers("'self'"));
        const refused = await strict.init();
        assert.deepEqual([refused.own, refused.code], [true, "init-failed"], type);
        assert.match(refused.fix, /Content-Security-Policy: script-src 'wasm-unsafe-eval'/, refused.message);
        await strict.page.close();

        const allowing = await open(answers("'self' 'wasm-unsafe-eval'"));
        assert.equal(await allowing.init(), "loaded");
        assert.equal(await allowing.parse(image), image);
        await allowing.page.close();
      }
    });

    test("a Content-Security-Policy that forbids the download", async () => {
      const headers = { "content-type": "text/html", "content-security-policy": "connect-src 'none'" };
      const { init, page } = await open({ "/open.html": { headers } });
      const refused = await init();
      assert.equal(refused.code, "init-failed");
      assert.match(refused.fix, /connect-src/);
      await page.close();
    });

    test("a browser whose WebAssembly is turned off is told apart", async () => {
      const { init, page } = await open();
      await page.evaluate(() => {
        Reflect.deleteProperty(globalThis, "WebAssembly");
      });
      const refused = await init();
      assert.equal(refused.code, "init-failed");
      assert.match(refused.fix, /Use a browser with WebAssembly/);
      await page.close();
    });

    test("the part for registries is not there, and then it is", async () => {
      const part = "/node_modules/ocisign/dist/registry.js";
      const { page } = await open({ [part]: { status: 404, body: "no" } });
      const attach = () =>
        page.evaluate(async (url) => {
          const { default: init, attachSignature } = await import(url);
          await init();
          return attachSignature("", {}).catch(({ code, fix }) => ({ code, fix }));
        }, loader);
      const refused = await attach();
      assert.equal(refused.code, "init-failed");
      assert.match(refused.fix, /Serve registry\.js .* reload the page/);
      site.serve(project.folder);
      await page.reload();
      assert.equal((await attach()).code, "empty-reference");
      await page.close();
    });

    test("however often init() is called, the module is loaded once", async () => {
      const { init, parse, page } = await open();
      const together = await page.evaluate(() => {
        const { init: call } = globalThis.offered;
        return Promise.all([call(), call(), call("/nowhere.wasm")]);
      });
      assert.deepEqual(together, ["loaded", "loaded", "loaded"]);
      assert.equal(await init("/nowhere.wasm"), "loaded", "what is loaded stays");
      assert.equal(await parse(image), image);
      assert.deepEqual([site.count(wasm), site.count("/nowhere.wasm")], [1, 0]);
      await page.close();
    });

    test("two copies on one page", async () => {
      const { init, parse, page } = await open();
      assert.equal(await init(), "loaded");
      const early = await page.evaluate((text) => globalThis.offered.other.parse(text), image);
      assert.equal(early.code, "not-initialized", "each has an instance of its own");
      assert.equal(await page.evaluate(() => globalThis.offered.other.init()), "loaded");
      const both = [
        await parse(image),
        await page.evaluate((text) => globalThis.offered.other.parse(text), image),
      ];
      assert.deepEqual(both, [image, image]);

      const passed = await page.evaluate((text) => {
        const { copy, other } = globalThis.offered;
        const reference = other.copy.parseReference(text);
        return copy.decodeArtifactUri(copy.encodeArtifactUri(reference));
      }, image);
      assert.equal(passed, image, "a reference of one is good for the other");

      const crossed = await page.evaluate(() => globalThis.offered.crossed());
      assert.deepEqual([crossed.own, crossed.code, crossed.causeIsTheOthers], [true, "bad-token", true]);
      const foreign = await page.evaluate(() => {
        const { copy, other } = globalThis.offered;
        const error = new other.copy.OcisignError("unauthorized", "no", "sign in");
        return [error instanceof copy.OcisignError, error.name, error.code];
      });
      assert.deepEqual(foreign, [false, "OcisignError", "unauthorized"]);
      await page.close();
    });

    test("a worker takes the module that the page compiled", async () => {
      const { page } = await open();
      assert.equal(await page.evaluate((text) => globalThis.offered.shareModule(text), image), image);
      assert.equal(site.count(wasm), 1);
      await page.close();
    });
  });
}

/** @param {string} type */
function html(type) {
  return { headers: { "content-type": type }, body: "<!doctype html><title>Portal</title>" };
}

/** How waitForFunction takes an argument: puppeteer has its options before. */
function only(name, argument) {
  return name === "Firefox" ? [{}, argument] : [argument];
}
