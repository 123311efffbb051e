// The packed package in Next.js, with the configuration of docs/install.md: built and served, and while developing.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { freePort } from "../support/free-port.js";
import { browsers, openPage } from "./support/browsers.js";
import { commandsOf, filesOf, readDocument } from "./support/docs.js";
import { openProject } from "./support/project.js";
import { startServer } from "./support/server.js";
import { openTasks } from "./support/task.js";

const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;

const [build] = commandsOf("Next.js");
const next = "node_modules/next/dist/bin/next";
const configuration = "next.config.mjs";
/** Next.js measures the disk while one develops, and says so of a slow one: nothing of that is about the package. */
const ofTheDisk = /^.*Slow filesystem detected\. The benchmark took .*$/m;

/** @type {string} */
let port;
/** @type {string} */
let origin;
/** @type {Awaited<ReturnType<typeof openTasks>>} */
let tasks;
/** @type {import("./support/project.js").Project} */
let project;
/** The documented files. @type {Record<string, string>} */
let files;
/** @type {any} */
let chromium;

before(async () => {
  port = String(await freePort());
  origin = `http://127.0.0.1:${port}`;
  tasks = await openTasks([origin]);
  files = { ...filesOf("Next.js"), ...readDocument("elements.md").filesOf("Next.js") };
  project = await openProject({ name: "next", files });
  chromium = await browsers.Chromium();
});
after(async () => {
  await chromium?.close();
  await tasks?.close();
  project?.remove();
});

/**
 * The project built and served in one way.
 *
 * @param {{ name: string, id: string, command?: string, serve: string }} way
 */
function serves({ name, id, command, serve }) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startServer>>} */
    let server;
    before(async () => {
      rmSync(join(project.folder, ".next"), { recursive: true, force: true });
      if (command) {
        const { stdout, stderr } = await project.run(command);
        assert.doesNotMatch(stdout + stderr, /warn|⚠|error/i);
      }
      const args = [next, serve, "--hostname", "127.0.0.1", "--port", port];
      server = await startServer(args, project.folder, /Ready in/);
    });
    after(() => server?.stop());

    for (const kind of ["client", "server"]) {
      test(`the documented ${kind} component`, async () => {
        const { page, complaints } = await openPage(
          chromium,
          `${origin}/${kind}?image=${encodeURIComponent(image)}`,
        );
        await page.locator("#canonical").getByText(image).waitFor();
        assert.deepEqual(complaints, []);
        await page.close();
      });
    }

    test("the documented page with an element: nothing on the server, alive in the browser", async () => {
      const sent = await (await fetch(`${origin}/elements`)).text();
      assert.match(sent, /<ocisign-verify reference="registry\.example\/team\/app@sha256:/);
      const { page, complaints } = await openPage(chromium, `${origin}/elements`);
      await page.getByText("Sign in to registry.example").waitFor();
      assert.deepEqual(complaints, []);
      await page.close();
    });

    test("the documented route handler", async () => {
      const reply = await fetch(`${origin}/api/image`, { method: "POST", body: image });
      assert.equal((await reply.json()).canonical, image);
    });

    test("the program in a client component", async () => {
      const { page, complaints } = await openPage(chromium, `${origin}/program`);
      await page.getByText("loaded").waitFor();
      const task = await tasks.taskFor(`next-client-${id}`);
      await tasks.check(task, await page.evaluate((given) => globalThis.offered.sign(given), task));
      assert.deepEqual(complaints, []);
      await page.close();
    });

    test("the program in a route handler", async () => {
      const task = await tasks.taskFor(`next-server-${id}`);
      const reply = await fetch(`${origin}/api/sign`, { method: "POST", body: JSON.stringify(task) });
      await tasks.check(task, await reply.json());
    });

    test("the server has nothing to complain about", () => {
      assert.doesNotMatch(server.said().replace(ofTheDisk, ""), /warn|⚠|error/i);
    });
  });
}

serves({ name: "production", id: "built", command: build, serve: "start" });

// Here, where the next build finds what the last one kept.
test("without the documented line, the build says which line is missing", async () => {
  project.write({ [configuration]: "export default {};\n" });
  await assert.rejects(project.run(build), (/** @type {Error} */ error) => {
    assert.match(error.message, /serverExternalPackages: \["ocisign"\]/);
    return true;
  });
  project.write({ [configuration]: files[configuration] });
});

serves({ name: "production by webpack", id: "webpack", command: `${build} --webpack`, serve: "start" });
serves({ name: "development", id: "dev", serve: "dev" });
