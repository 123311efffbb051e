// The life of a product on the command line, at a sandbox whose admins approve products.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { againstFake, documentOf, shellIn } from "../support/cli.js";
import { productOf, signingOf } from "../support/fake-service.js";
import { clientsOf, productFor, testSandbox } from "../support/sandbox.js";

/** @type {any} */
let sandbox;
/** @type {any} */
let shell;
/** @type {any} */
let product;
/** @type {string} */
let image;
/** @type {any} */
let as;
before(async () => {
  sandbox = await testSandbox({ name: "life", args: ["--product-approval=1"] });
  as = await clientsOf(sandbox);
  product = await as("requester").createProduct(productFor(sandbox));
  image = `${sandbox.registry.domain}/team/app@sha256:${"3f".repeat(32)}`;
  shell = shellIn("life", {
    OCISIGN_URL: sandbox.base,
    OCISIGN_PROFILE: `${sandbox.base}/ocisign-profile`,
    OCISIGN_TOKEN: sandbox.person("requester").token,
  });
});
after(async () => {
  await sandbox?.close();
  shell?.remove();
});

/** @param {string} method @param {string} path */
async function act(method, path) {
  const { token } = sandbox.person("admin");
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const url = `${sandbox.base}/products/${product.id}${path}`;
  const reply = await fetch(url, { method, headers, ...(method === "POST" && { body: "{}" }) });
  assert.ok(reply.ok, `${method} ${path}: ${reply.status} ${await reply.text()}`);
}

const sign = () => shell.ocisign(["sign", image, "-P", product.id, "--json"]);
const shown = async () => ({
  list: (await shell.ocisign(["products"])).stdout,
  one: (await shell.ocisign(["products", product.id])).stdout,
});
/** With the next command, which a terminal is told. */
const onTerminal = async () => (await shell.terminal("ocisign products").ended).stdout;

test("only a product that is Ready is asked to sign, and each state is shown", async () => {
  const refusedAs = async (/** @type {string} */ state) => {
    const refused = await sign();
    assert.equal(refused.code, 1, state);
    assert.equal(documentOf(refused).error.code, "product-not-ready");
    assert.ok(documentOf(refused).error.message.includes(state), refused.stderr);
    const { list, one } = await shown();
    assert.match(list, new RegExp(`no \\(${state}\\)`));
    assert.match(one, new RegExp(`state +${state} `));
    assert.doesNotMatch(await onTerminal(), /ocisign sign/);
  };
  await refusedAs("New");
  await act("POST", "/approve");
  const taken = await sign();
  assert.equal(taken.code, 0, taken.stderr);
  const { list, one } = await shown();
  assert.match(list, /\tyes$/m);
  assert.match(one, /state +Ready$/m);
  assert.match(await onTerminal(), new RegExp(`ocisign sign IMAGE --product ${product.id}`));
  // A product of which a request is open stays.
  await as("approver-two").reject(documentOf(taken).id, { comment: "not this" });
  await act("DELETE", "");
  await refusedAs("To Be Deleted");
  assert.equal((await as("requester").signings()).length, 1);
});

test("a state that nobody described stops nothing, and is said", async () => {
  const answer = (/** @type {any} */ { method, path }) => {
    if (method === "POST") return { body: signingOf(other) };
    return { body: path.endsWith("/products") ? [odd] : odd };
  };
  const other = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
  const odd = { ...productOf("registry.example"), state: { phase: 3 } };
  const sent = await againstFake(answer, ["sign", other, "-P", "p"]);
  assert.equal(sent.code, 0, sent.stderr);
  assert.equal(sent.posts.length, 1);
  assert.match(sent.stderr, /warning: .*state is "\{"phase":3\}".*not known/);
  const listed = await againstFake(answer, ["products"]);
  assert.match(listed.stdout, /yes \(\{"phase":3\}\)/);
});
