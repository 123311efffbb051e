// The programs of the documents, run as they stand against a sandbox. A fragment gets what its first line names, and
// nothing else. Replaced is what a reader replaces: the service, the image, the product's id.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { attachSignature, simpleSigningPayload } from "ocisign";
import { finish } from "../../tools/machine/command.js";
import { ca, lasting, Pki, signing } from "../support/code-signing.js";
import { digestProductFor } from "../support/digest-product.js";
import { blocksFor } from "../support/documents.js";
import { ready, root } from "../support/examples.js";
import { profileOf } from "../support/sandbox.js";
import { toJavaScript } from "../support/typescript.js";

// Within the project, so that they find the package as a user's script finds an installed one.
const folder = mkdtempSync(join(root, "target", "docs-"));
/** @type {Awaited<ReturnType<typeof ready>>} */
let world;
/** What fragments may need, each as an expression. @type {Record<string, string>} */
let given;
/** @type {Record<string, string>} */
let environment;

before(async () => {
  world = await ready([]);
  given = await whatIsGiven();
  const files = {
    token: world.sandbox.person("requester").token,
    "profile.json": JSON.stringify(await profileOf(world.sandbox)),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  environment = {
    OCISIGN_URL: world.sandbox.base,
    OCISIGN_TOKEN: files.token,
    OCISIGN_TOKEN_FILE: join(folder, "token"),
    OCISIGN_PROFILE: join(folder, "profile.json"),
    OCISIGN_PRODUCT: world.product.name ?? assert.fail("the product has no name"),
    ECR_PASSWORD: "not needed here",
  };
});
after(async () => {
  await world?.sandbox.close();
  rmSync(folder, { recursive: true });
});

/** A code-signing certificate of a key, and the CAs above it. @param {import("node:crypto").KeyObject} privateKey */
function certificatesFor(privateKey) {
  const pki = new Pki();
  try {
    const root = pki.issue("/O=Example/CN=Root", lasting);
    const middle = pki.issue("/O=Example/CN=Middle", { issuer: root, extensions: ca, ...lasting });
    const extensions = [...signing, "subjectAltName=email:release@example.com"];
    const key = { keyPem: String(privateKey.export({ type: "pkcs8", format: "pem" })) };
    const leaf = pki.issue("/O=Example/CN=Release", { issuer: middle, extensions, key, ...lasting });
    return { root: root.pem, certificate: leaf.pem, chain: middle.pem };
  } finally {
    pki.close();
  }
}

/** An image that a key of the reader's signed, and what one needs to do that again. */
async function whatIsGiven() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const { username, password } = world.sandbox.registry;
  const pkcs8 = JSON.stringify(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  const registry = { ...(username && password && { username, password }) };
  const { sign } = await import("node:crypto");
  const { text } = simpleSigningPayload(world.image);
  const signature = new Uint8Array(sign("sha256", Buffer.from(text), privateKey));
  await attachSignature(world.image, { signature, publicKey: pem, registry });
  const { root: above, ...certified } = certificatesFor(privateKey);
  await attachSignature(world.image, { signature, publicKey: pem, registry, ...certified });
  const digests = await world
    .as("requester")
    .createProduct(digestProductFor(world.sandbox, { name: "digests", approvalGroups: [] }));
  const shown = digests.productOperations?.[1]?.token?.publicKey ?? assert.fail("the operation shows no key");
  const rules = [{ name: "all", images: [`${world.sandbox.registry.domain}/**`], keys: ["release"] }];
  const trustFile = JSON.stringify({ version: 1, keys: { release: { publicKey: pem } }, rules });
  const payload = `simpleSigningPayload(${JSON.stringify(world.image)}).text`;
  return {
    reference: JSON.stringify(world.image),
    file: JSON.stringify(trustFile),
    ca: JSON.stringify(above),
    certificate: JSON.stringify(certified.certificate),
    chain: JSON.stringify(certified.chain),
    signature: JSON.stringify(Buffer.from(signature).toString("base64")),
    pem: JSON.stringify(pem),
    registry: JSON.stringify(registry),
    username: JSON.stringify(username),
    password: JSON.stringify(password),
    // An HSM signs digests; Node signs texts only.
    yourHsm: `{ sign: async () => new Uint8Array(sign("sha256", Buffer.from(${payload}), ${pkcs8})) }`,
    // What covers nothing changes nothing of an image that is signed itself.
    platform: JSON.stringify(world.image),
    index: JSON.stringify(world.image),
    keys: `await generateKeyPair("RSA-OAEP-256")`,
    privateKey: "keys.privateKey",
    reply: `new Response(await new CompactEncrypt(new TextEncoder().encode('{"tokenInfo":[]}'))
      .setProtectedHeader({ alg: "RSA-OAEP-256", enc: "A256GCM" }).encrypt(keys.publicKey))`,
    client: `new SigningClient({ baseUrl: ${JSON.stringify(world.sandbox.base)}, token: process.env.OCISIGN_TOKEN })`,
    product: `await client.product(${JSON.stringify(world.product.id)})`,
    signer: `await client.product(${JSON.stringify(digests.id)})`,
    key: JSON.stringify(shown),
    request: "await client.requestSigning({ product, artifact: reference })",
    batch: `(await client.requestSigning({
      ...{ product, artifact: reference, metadata: [{ name: "ocisign-batch", value: "a-batch" }] },
    })) && "a-batch"`,
  };
}

/** The module that gives a fragment what it needs. @param {string[]} needs */
function preludeFor(needs) {
  const made = Object.entries(given).map(([name, expression]) => `const ${name} = ${expression};`);
  // Only what is needed is made: some of it calls the service.
  const used = new Set(needs);
  for (const name of Object.keys(given).reverse()) {
    if (!used.has(name)) continue;
    for (const other of Object.keys(given)) {
      if (new RegExp(`\\b${other}\\b`).test((given[name] ?? "").replace(/"(?:[^"\\]|\\.)*"/g, "")))
        used.add(other);
    }
  }
  return `import { sign } from "node:crypto";
import { CompactEncrypt, generateKeyPair } from "jose";
import { simpleSigningPayload, SigningClient } from "ocisign";
${made.filter((line) => used.has(line.split(" ")[1] ?? "")).join("\n")}
Object.assign(globalThis, { ${needs.join(", ")} });
`;
}

/** @param {string} code */
function adapted(code) {
  return world.adapt(code.replaceAll("registry.example/team/app@sha256:…", world.image));
}

for (const [index, { place, code, language, needs }] of blocksFor("code").entries()) {
  test(`${place} runs${needs ? ", as a fragment" : ""}`, async () => {
    const whole = language === "ts" ? toJavaScript(adapted(code)) : adapted(code);
    const file = join(folder, `block-${index}.mjs`);
    if (needs) {
      for (const name of needs) assert.ok(given[name], `nobody knows what \`${name}\` is: add it here`);
      writeFileSync(join(folder, `given-${index}.mjs`), preludeFor(needs));
    }
    writeFileSync(file, needs ? `import "./given-${index}.mjs";\n${whole}` : whole);
    const { code: ended, output } = await finish(process.execPath, [file, world.image], {
      cwd: folder,
      env: environment,
    });
    assert.equal(ended, 0, output);
  });
}

test("a fragment does not get what it does not name", async () => {
  writeFileSync(join(folder, "given.mjs"), preludeFor(["pem"]));
  writeFileSync(
    join(folder, "lacking.mjs"),
    'import "./given.mjs";\nconsole.log(pem.length, typeof reference);\n',
  );
  const { output } = await finish(process.execPath, [join(folder, "lacking.mjs")]);
  assert.match(output, /^\d+ undefined$/m);
});

test("the README's program is the example", () => {
  const blocks = blocksFor("code").filter(({ file }) => file === "README.md");
  const example = readFileSync(join(root, "examples/node/sign.mjs"), "utf8");
  assert.deepEqual(
    blocks.map(({ code }) => code),
    [example],
  );
  assert.ok(example.trim().split("\n").length <= 30);
});
