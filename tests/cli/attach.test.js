// `ocisign attach`: a signature of any signer, in any form, in each format; and nothing that does not verify.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { signingPayload, verifyImage } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { cliSandbox, documentOf } from "../support/cli.js";
import { keysOfOpenssl, opensslSigner, sideBySide, writings } from "../support/signers.js";
import { softHsm } from "../support/softhsm.js";

let at;
/** @type {Record<string, ReturnType<typeof opensslSigner>>} */
const signers = {};
before(async () => {
  at = await cliSandbox("attach");
  for (const key of keysOfOpenssl) signers[key] = opensslSigner(at.folder, key);
});
after(() => at?.close());

const formats = /** @type {const} */ (["simple-signing", "bundle"]);
const env = () => ({
  OCISIGN_REGISTRY_USERNAME: at.sandbox.registry.username,
  OCISIGN_REGISTRY_PASSWORD: at.sandbox.registry.password,
});
let made = 0;
async function freshImage() {
  const repository = `team/attach-${++made}`;
  const digest = await pushImage(at.registry, repository, repository);
  return { image: `${at.sandbox.registry.domain}/${repository}@${digest}`, repository, digest };
}
const attach = (image, ...args) => at.ocisign(["attach", image, ...args], { env: env() });
function verified(image, publicKey) {
  const { url, username, password } = at.sandbox.registry;
  return verifyImage(image, { publicKey: readFileSync(publicKey), registry: { url, username, password } });
}
/** What a signer signs; payload.test.js compares it with what is printed. */
async function bytesOf(image, format) {
  return (await signingPayload(image, format)).bytes;
}
function written(content) {
  const file = join(at.folder, `signature-${++made}.sig`);
  writeFileSync(file, content);
  return file;
}

describe("signatures of openssl, in every form that services write", () => {
  for (const key of keysOfOpenssl) {
    for (const [writing, write] of Object.entries(writings)) {
      test(`${key}, ${writing}`, async () => {
        const { image } = await freshImage();
        const signature = {};
        for (const format of formats) {
          const der = signers[key].sign(await bytesOf(image, format));
          // In bytes and in hexadecimal as openssl gives it; the others as Azure Key Vault does, where there are r and s.
          const isFixed = key.startsWith("P") && /base64/.test(writing);
          signature[format] = written(write(isFixed ? sideBySide(der, Number(key.slice(2)) / 8) : der));
        }
        const [simple, bundle] = formats.map((format) => signature[format]);
        const args = ["--signature", simple, "--signature-bundle", bundle, "--key", signers[key].publicKey];
        const run = await attach(image, ...args, "--json");
        assert.equal(run.code, 0, run.stderr);
        assert.deepEqual(
          documentOf(run).formats.map((it) => [it.format, it.wasThere, it.signatures]),
          formats.map((format) => [format, false, 1]),
        );
        const { state, signatures } = await verified(image, signers[key].publicKey);
        assert.equal(state, "verified");
        assert.deepEqual(signatures.map((it) => [it.format, it.verified]).sort(), [
          ["bundle", true],
          ["simple-signing", true],
        ]);
      });
    }
  }

  test("each format alone, from a file and from standard input; a second time it is there already", async () => {
    for (const format of formats) {
      const { image } = await freshImage();
      const signature = signers["P-256"].sign(await bytesOf(image, format));
      const args = ["--key", signers["P-256"].publicKey, "--format", format];
      const run = await attach(image, "--signature", written(signature), ...args);
      assert.equal(run.code, 0, run.stderr);
      assert.match(run.stdout, new RegExp(`${format}: pushed`));
      const words = ["attach", image, "--signature", "-", ...args];
      const again = await at.ocisign(words, { env: env(), input: signature.toString("base64") });
      assert.equal(again.code, 0, again.stderr);
      assert.match(again.stdout, new RegExp(`${format}: was there already`));
      assert.equal((await verified(image, signers["P-256"].publicKey)).signatures.length, 1);
    }
  });
});

describe("signatures of a PKCS #11 token", () => {
  let hsm;
  let module;
  before(() => {
    hsm = softHsm();
    [, module] = hsm.args;
    for (const [type, id] of [
      ["EC:prime256v1", "01"],
      ["rsa:2048", "02"],
    ]) {
      pkcs11(["--login", "--keypairgen", "--key-type", type, "--id", id]);
    }
  });
  after(() => hsm?.close());
  const pkcs11 = (args) =>
    execFileSync("pkcs11-tool", ["--module", module, "--pin", "correct-horse", ...args], { stdio: "pipe" });

  for (const [id, key] of [
    ["01", "P-256"],
    ["02", "RSA2048"],
  ]) {
    test(`${key}: a token signs the payload, or its digest`, async () => {
      const publicKey = join(at.folder, `token-${id}.der`);
      pkcs11(["--read-object", "--type", "pubkey", "--id", id, "--output-file", publicKey]);
      const { image } = await freshImage();
      const signature = {};
      for (const format of formats) {
        const file = join(at.folder, `token-${id}-${format}`);
        // ECDSA of a token takes a digest, and gives r and s; RSA with SHA-256 takes the payload.
        const what = id === "01" ? "--digest sha256 --encoding raw" : "";
        await at.bash(`ocisign payload ${image} --format ${format} ${what} > ${file}`);
        const mechanism = id === "01" ? "ECDSA" : "SHA256-RSA-PKCS";
        const files = ["--input-file", file, "--output-file", `${file}.sig`];
        pkcs11(["--login", "--sign", "--mechanism", mechanism, "--id", id, ...files]);
        signature[format] = `${file}.sig`;
      }
      const run = await attach(
        image,
        ...["--signature", signature["simple-signing"], "--signature-bundle", signature.bundle],
        ...["--key", publicKey],
      );
      assert.equal(run.code, 0, run.stderr);
      assert.equal((await verified(image, publicKey)).state, "verified");
    });
  }
});

describe("what does not verify is not pushed", () => {
  /** @type {[string, (own: { image: string, sign: (format: "simple-signing" | "bundle") => Promise<Buffer> }) => Promise<string[]>, number, RegExp][]} */
  const mistakes = [
    [
      "of another format",
      async ({ sign }) => ["--signature", written(await sign("bundle"))],
      1,
      /not pushed/,
    ],
    [
      "of the other format, as a bundle",
      async ({ sign }) => ["--signature-bundle", written(await sign("simple-signing"))],
      1,
      /not pushed/,
    ],
    [
      "of both formats, the wrong way round",
      async ({ sign }) => [
        ...["--signature", written(await sign("bundle"))],
        ...["--signature-bundle", written(await sign("simple-signing"))],
      ],
      1,
      /not pushed/,
    ],
    [
      "of both formats, one of them cut",
      async ({ sign }) => [
        ...["--signature", written(await sign("simple-signing"))],
        ...["--signature-bundle", written((await sign("bundle")).subarray(0, 20))],
      ],
      1,
      /not pushed/,
    ],
    [
      "of another image",
      async () => {
        const { bytes } = await signingPayload((await freshImage()).image, "simple-signing");
        return ["--signature", written(signers["P-256"].sign(bytes))];
      },
      1,
      /not pushed/,
    ],
    [
      "by another key",
      async ({ image }) => {
        const { bytes } = await signingPayload(image, "simple-signing");
        return ["--signature", written(signers["P-384"].sign(bytes))];
      },
      1,
      /not pushed/,
    ],
    [
      "that is no text and no signature",
      async () => ["--signature", written(Buffer.alloc(70, 0xff))],
      1,
      /not pushed/,
    ],
    ["that is a sentence", async () => ["--signature", written("there it is: a signature!")], 1, /base64/],
    ["that is empty", async () => ["--signature", written("")], 1, /it is empty/],
    ["that is huge", async () => ["--signature", written(Buffer.alloc(70_000, 65))], 1, /too large/],
    ["that is not there", async () => ["--signature", join(at.folder, "none.sig")], 1, /no such file/],
    ["that is a folder", async () => ["--signature", at.folder], 1, /it is a folder/],
    ["that is not given", async () => [], 2, /No signature is given/],
    [
      "in one format, where both are wanted",
      async ({ sign }) => ["--format", "both", "--signature", written(await sign("simple-signing"))],
      2,
      /--signature-bundle is missing/,
    ],
    [
      "in two formats, where one is wanted",
      async ({ sign }) => [
        ...["--format", "bundle", "--signature", written(await sign("simple-signing"))],
        ...["--signature-bundle", written(await sign("bundle"))],
      ],
      2,
      /two formats/,
    ],
    [
      "of a bundle, where simple signing is wanted",
      async ({ sign }) => ["--format", "simple-signing", "--signature-bundle", written(await sign("bundle"))],
      2,
      /in the format bundle/,
    ],
  ];
  for (const [what, argsFor, code, said] of mistakes) {
    test(`a signature ${what}`, async () => {
      const { image } = await freshImage();
      const sign = async (format) => signers["P-256"].sign((await signingPayload(image, format)).bytes);
      const args = await argsFor({ image, sign });
      const run = await attach(image, ...args, "--key", signers["P-256"].publicKey);
      assert.equal(run.code, code, run.stderr);
      assert.match(run.stderr, said);
      assert.equal(run.stdout, "");
      assert.equal((await verified(image, signers["P-256"].publicKey)).state, "unsigned");
    });
  }

  test("a private key in the place of the public one is refused, and not shown", async () => {
    const { image } = await freshImage();
    const signature = written(signers["P-256"].sign(await bytesOf(image, "simple-signing")));
    const run = await attach(image, "--signature", signature, "--key", join(at.folder, "P-256.private.pem"));
    assert.equal(run.code, 1);
    assert.match(run.stderr, /private key/);
  });
});
