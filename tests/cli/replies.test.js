// What a service may write: texts that a terminal would obey, and replies of another shape than the sandbox's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { againstFake, againstSignings } from "../support/cli.js";
import { productOf, signingOf } from "../support/fake-service.js";

const image = `registry.example/team/app@sha256:${"ab".repeat(32)}`;
const id = signingOf(image).id;

test("what a service writes cannot draw on the terminal", async () => {
  const description = "harmless\u001b[2J\u202esdrawkcab\nstate  signed\u0007\u0085";
  for (const args of [
    ["approve", id, "--yes"],
    ["status", id],
    ["status", id, "--json"],
  ]) {
    const { stdout, stderr } = await againstSignings(
      [signingOf(image, { description, productId: "p" })],
      args,
    );
    const said = `${stdout}${stderr}`;
    assert.ok(!/[\p{Cc}\p{Cf}]/u.test(said.replaceAll("\n", "")), JSON.stringify(said));
    assert.ok(!/^state {2}signed/m.test(said));
    assert.match(said, /u\{?0*1b\}?/);
  }
});

test("a reply of another shape than the sandbox's is shown, and a request that was made keeps its id", async () => {
  const payload = (metadata) => ({ ...signingOf(image).payload, metadata });
  for (const [changes, shown] of /** @type {[Record<string, unknown>, RegExp][]} */ ([
    [
      { requester: "Ann", approvals: ["Bea", { name: "Cid" }] },
      /requester +Ann\napproval +Bea\napproval +Cid/,
    ],
    [
      { requester: { mail: "ann@x" }, approvals: 2 },
      /requester +\{"mail":"ann@x"\}\nother field +requester.mail: ann@x\nother field +approvals: 2/,
    ],
    [
      { missingGroups: { id: "g" }, approvals: [null, {}] },
      /approval +\?\napproval +\{\}\nother field +missingGroups: \{"id":"g"\}\nother field +approvals\[0\]: null/,
    ],
    [
      { payload: payload({ name: "Version", value: 1 }) },
      /other field +payload.metadata: \{"name":"Version","value":1\}/,
    ],
    [
      { payload: payload("v1"), description: { text: "why" } },
      /description +\{"text":"why"\}\n(.*\n)?other field +description: \{"text":"why"\}\nother field +payload.metadata: v1/,
    ],
  ])) {
    const reply = signingOf(image, changes);
    const { code, stdout, stderr } = await againstSignings([reply], ["status", id]);
    assert.equal(code, 3, stderr);
    assert.match(stdout, shown);
    const approved = await againstSignings([reply], ["approve", id, "--yes"]);
    assert.equal(approved.code, 0, approved.stderr);
    assert.match(approved.stdout, shown);
  }
  const { stdout, stderr } = await againstSignings(
    [[{ id: "p", name: 5, productConfigItems: "x", productOperations: [null, { token: "t" }] }]],
    ["products"],
  );
  assert.equal(stderr, "");
  assert.match(stdout, /^p\t5\t-\t\?, \?\tyes$/m);
});

test("an unusable reply points at the address, and at the list where a request may have been accepted", async () => {
  for (const reply of [{}, "page", { id, status: "2" }]) {
    const { code, stderr } = await againstSignings([reply], ["status", id]);
    assert.equal(code, 1);
    assert.match(stderr, /Check (that )?--url/);
    assert.doesNotMatch(stderr, /ocisign signings/, "nothing was sent that the service could have accepted");
  }
  for (const reply of [{}, "page", { id, status: "2" }]) {
    const product = productOf("registry.example");
    const answer = ({ method, path }) => {
      if (method === "POST") return { body: reply };
      return { body: path.endsWith("/products") ? [product] : product };
    };
    const asked = await againstFake(answer, ["sign", image, "-P", "P"]);
    assert.equal(asked.code, 1);
    assert.match(asked.stderr, /Check (that )?--url.*Check `ocisign signings`/);
    assert.equal(asked.posts.length, 1);
  }
});

test("an answer that repeats nothing of the request does not say that it is for no image", async () => {
  const product = productOf("registry.example");
  for (const args of [
    ["sign", image, "--product", "p"],
    ["approve", id, "--yes"],
    ["reject", id, "--comment", "not this one"],
  ]) {
    const { code, stdout, stderr } = await againstFake(({ method, path }) => {
      if (/products/.test(path)) return { body: /products\/p/.test(path) ? product : [product] };
      return { body: method === "GET" ? signingOf(image) : { id, status: 2 } };
    }, args);
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(id));
    assert.doesNotMatch(stdout, /\(none\)|does not say which image/);
  }
  // Who reads a request, and is told of no image, has to know.
  const { stdout } = await againstSignings([{ id, status: 2 }], ["status", id]);
  assert.match(stdout, /does not say which image/);
});
