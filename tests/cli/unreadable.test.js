// Elements of a service's list that cannot be read: told once below the table, and under a key of their own in JSON.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { documentOf, shellIn } from "../support/cli.js";
import { fakeService, productOf, signingOf } from "../support/fake-service.js";

const image = `registry.example/team/app:1.2@sha256:${"ab".repeat(32)}`;
/** What follows the one element that can be read. @type {unknown[]} */
let others = [];
const service = await fakeService(({ path }) => {
  const one = path.includes("/products") ? productOf("registry.example") : signingOf(image);
  return { body: [one, ...others] };
});
const shell = shellIn("unreadable", { OCISIGN_URL: service.url, OCISIGN_TOKEN: "t" });
after(() => {
  service.close();
  shell.remove();
});

/** Elements without an id, and with one that another has or a status that is none. @param {number} count */
const unreadable = (count) =>
  Array.from({ length: count }, (_, index) => (index % 2 ? { id: "p", status: "\u202e" } : { status: 2 }));

for (const command of ["signings", "products"]) {
  test(`${command}: told once, below the list`, async () => {
    for (const [count, said] of /** @type {[number, RegExp][]} */ ([
      [1, /warning: 1 element of the service's list cannot be read[\s\S]*\n {2}element 1: .* has no id\.\n/],
      [3, /warning: 3 elements [\s\S]*\n {2}element 2 \(p\): /],
      [2000, /warning: 2000 elements [\s\S]*\n {2}and 1995 more\n/],
    ])) {
      others = unreadable(count);
      const { code, stdout, stderr } = await shell.ocisign([command]);
      assert.equal(code, 0, stderr);
      assert.equal(stdout.trimEnd().split("\n").length, 1, "what can be read is listed");
      assert.match(stderr, said);
      assert.ok(stderr.split("\n").length < 10);
      const document = documentOf(await shell.ocisign([command, "--json"]));
      assert.equal(document[command].length, 1);
      assert.equal(document.unreadable.length, count);
      const { index, error } = document.unreadable[0];
      assert.deepEqual([index, error.code], [1, "bad-reply"]);
      assert.match(error.message, /element 1: .* has no id\./);
    }
  });
}

test("an id that would hide what follows is written out", async () => {
  others = [{ id: "x\u202ey\u001b[31m", status: "2" }];
  const { stderr } = await shell.ocisign(["signings"]);
  assert.match(stderr, /element 1 \(x\\u\{202e\}y\\u\{1b\}\[31m\): /);
  assert.ok(!["\u202e", "\u001b"].some((hidden) => stderr.includes(hidden)));
});

test("a whole list is a list by itself", async () => {
  others = [];
  for (const command of ["signings", "products"]) {
    assert.ok(Array.isArray(documentOf(await shell.ocisign([command, "--json"]))));
  }
});
