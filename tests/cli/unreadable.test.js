// Elements of a service's list that cannot be read: told once below the table, and under a key of their own in JSON.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { documentOf, entry, shellIn } from "../support/cli.js";
import { fakeService, productOf, signingOf } from "../support/fake-service.js";

const image = `registry.example/team/app:1.2@sha256:${"ab".repeat(32)}`;
const service = await fakeService(({ path }) => {
  return { body: path.includes("/products") ? [productOf("registry.example")] : [signingOf(image)] };
});
const shell = shellIn("unreadable", { OCISIGN_URL: service.url, OCISIGN_TOKEN: "t" });
after(() => {
  service.close();
  shell.remove();
});

/** The program over a library whose lists have as many unreadable elements. @param {string} name @param {number} count */
function programWith(name, count) {
  const folder = join(shell.folder, name);
  mkdirSync(folder);
  cpSync(dirname(entry), join(folder, "cli"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const library = JSON.stringify(pathToFileURL(join(dirname(dirname(entry)), "node.js")).href);
  writeFileSync(
    join(folder, "node.js"),
    `import { SigningClient as Client, OcisignError } from ${library};
export * from ${library};
const unreadable = Array.from({ length: ${count} }, (_, index) => ({
  index: index + 1,
  ...(index % 2 ? { id: "id\\u202e" + index } : {}),
  error: new OcisignError("bad-reply", "It has no status " + index + ".", "Report it."),
}));
const withUnreadable = (list) => Object.defineProperty(list, "unreadable", { value: unreadable });
export class SigningClient extends Client {
  async signings(...given) { return withUnreadable(await super.signings(...given)); }
  async products(...given) { return withUnreadable(await super.products(...given)); }
}
`,
  );
  return join(folder, "cli", "main.js");
}

for (const command of ["signings", "products"]) {
  test(`${command}: told once, below the list`, async () => {
    for (const [count, said] of /** @type {[number, RegExp][]} */ ([
      [
        1,
        /warning: 1 element of the service's list cannot be read[\s\S]* {2}number 2: It has no status 0\.\n$/,
      ],
      [3, /warning: 3 elements [\s\S]*number 3 \(id\\u\{202e\}1\): It has no status 1\./],
      [2000, /warning: 2000 elements [\s\S]*\n {2}and 1995 more\n$/],
    ])) {
      const at = programWith(`${command}-${count}`, count);
      const { code, stdout, stderr } = await shell.bash(`node '${at}' ${command}`);
      assert.equal(code, 0, stderr);
      assert.equal(stdout.trimEnd().split("\n").length, 1, "what can be read is listed");
      assert.match(stderr, said);
      assert.ok(stderr.split("\n").length < 10);
      const document = documentOf(await shell.bash(`node '${at}' ${command} --json`));
      assert.equal(document[command].length, 1);
      assert.equal(document.unreadable.length, count);
      const { index, error } = document.unreadable[0];
      assert.deepEqual(
        { index, error },
        { index: 1, error: { code: "bad-reply", message: "It has no status 0." } },
      );
    }
  });
}

test("a whole list is a list by itself", async () => {
  for (const command of ["signings", "products"]) {
    assert.ok(Array.isArray(documentOf(await shell.ocisign([command, "--json"]))));
  }
});
