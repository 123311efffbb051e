// The examples in the comments of pkg/dist/index.d.ts: each is compiled under the strictest settings and then run, those
// with a client or a registry against a sandbox. What follows `console.log(…); //` is what it has to print.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, mock, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { publicKey, waitAndVerify } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { digestProductFor } from "../support/digest-product.js";
import { clientsOf, groupA, productFor, testSandbox } from "../support/sandbox.js";
import { complaints, toJavaScript } from "../support/typescript.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const types = readFileSync(join(root, "pkg", "dist", "index.d.ts"), "utf8");
const serviceInExamples = "https://app.laavat.io/acme/api/v1";

// What the examples do not make themselves; the module's own comment says the same to the reader.
const given = `declare global {
  const client: import("ocisign").SigningClient;
  const request: import("ocisign").Signing;
  const product: import("ocisign").StoredProduct;
  const image: import("ocisign").CanonicalReference;
  const previous: import("ocisign").CanonicalReference;
  const pem: string;
}
export {};
`;

const examples = [...types.matchAll(/^( *) \* @example\n\1 \* ```(?:js|ts)\n([\s\S]*?)\n\1 \* ```$/gm)].map(
  ([whole, indent, code]) => ({
    name: `line ${types.slice(0, types.indexOf(whole)).split("\n").length + 1}`,
    code: code
      .split("\n")
      .map((line) => line.slice(indent.length + " * ".length))
      .join("\n"),
  }),
);

// Within the project, so that the examples find the package as a user's file finds an installed one.
const folder = mkdtempSync(join(root, "target", "examples-"));
// Before the sandbox is there: the compiler keeps this thread so long that idle connections would be closed meanwhile.
const said = whatTheCompilerSays();
let sandbox;
let world;

before(async () => {
  sandbox = await testSandbox({ name: "types" });
  world = await worldOf(sandbox);
});
after(async () => {
  await sandbox?.close();
  rmSync(folder, { recursive: true });
});

/** What `given` declares, made anew for each example where an example uses it up. */
async function worldOf({ base, registry, person }) {
  const as = await clientsOf(sandbox);
  const [requester, client] = [as("requester"), as("approver-one")];
  const product = await requester.createProduct(digestProductFor(sandbox, { approvalGroups: [] }));
  const toApprove = await requester.createProduct(productFor(sandbox, { approvalGroups: [groupA] }));
  const push = async (text) =>
    `${registry.domain}/team/app@${await pushImage(new Registry(registry), "team/app", text)}`;
  const [previous, image] = [await push("an earlier version"), await push(undefined)];
  const signed = await requester.requestSigning({ product, artifact: image });
  await waitAndVerify(requester, signed.id);
  Object.assign(process.env, {
    OCISIGN_TOKEN: person("requester").token,
    REGISTRY_USERNAME: registry.username,
    REGISTRY_PASSWORD: registry.password,
  });
  const request = () => requester.requestSigning({ product: toApprove, artifact: image });
  return {
    base,
    domain: registry.domain,
    globals: async () => {
      const { pem } = publicKey(product, undefined, client.profile);
      return { client, product, image, previous, pem, request: await request() };
    },
  };
}

function whatTheCompilerSays() {
  writeFileSync(join(folder, "given.d.mts"), given);
  const files = examples.map(({ code }, index) => {
    const file = join(folder, `example-${index}.mts`);
    writeFileSync(file, `${code}\nexport {};\n`);
    return file;
  });
  return complaints([join(folder, "given.d.mts"), ...files]);
}

test("there are examples, and the compiler accepts every one", () => {
  assert.equal(
    examples.length,
    types.split("@example").length - 1,
    "an example that is not found is not run",
  );
  const byName = said.map((line) =>
    line.replace(/^.*example-(\d+)\.mts/, (_, index) => examples[Number(index)].name),
  );
  assert.deepEqual(byName, []);
});

for (const [index, { name, code }] of examples.entries()) {
  test(`the example at ${name} runs`, async () => {
    const file = join(folder, `example-${index}.mjs`);
    const here = code
      .replaceAll(serviceInExamples, world.base)
      .replaceAll("registry.example/copies/", `${world.domain}/copies/`);
    writeFileSync(file, toJavaScript(here));
    Object.assign(globalThis, await world.globals());
    const printed = [];
    const print = (...values) => printed.push(values.join(" "));
    const silenced = [mock.method(console, "log", print), mock.method(console, "error", () => {})];
    try {
      await import(pathToFileURL(file).href);
    } finally {
      for (const { mock: replaced } of silenced) replaced.restore();
    }
    for (const [, expected] of code.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)) {
      assert.ok(printed.includes(expected), `it printed ${JSON.stringify(printed)}, not ${expected}`);
    }
  });
}
