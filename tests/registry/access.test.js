// Into which registries does the sandbox get: open ones, those that want tokens, and those with a private CA?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { publicKey } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { makeCertificates } from "../support/certificates.js";
import { dockerRegistry, openDockerRegistry, tokenDockerRegistry } from "../support/docker-registry.js";
import { prove } from "../support/proof.js";
import { issuer, registryTokens, service } from "../support/registry-tokens.js";
import { clientsOf, productFor, profileOf, quick, temporaryFolder, testSandbox } from "../support/sandbox.js";
import { tlsFront } from "../support/tls-front.js";

const user = { username: "robot", password: "a pass:word" };
const repository = "team/app";

let folder;
let remove;
let certificates;
let registry;
let digest;
before(async () => {
  ({ folder, remove } = temporaryFolder("access"));
  certificates = makeCertificates(folder);
  registry = await dockerRegistry(user);
  digest = await pushImage(new Registry(registry), repository);
});
after(async () => {
  await registry?.close();
  remove();
});

/**
 * Lets a sandbox sign the image where another address leads to it; gives the outcome and the product's key.
 *
 * @param {{ url: string, domain: string, username?: string, password?: string }} at @param {string[]} [args]
 */
async function sign(at, args) {
  const sandbox = await testSandbox({ name: "access", registry: at, args });
  try {
    const as = (await clientsOf(sandbox))("requester");
    const product = await as.createProduct(productFor(sandbox, { approvalGroups: [] }));
    const image = `${at.domain}/${repository}@${digest}`;
    const request = await as.requestSigning({ productId: product.id, artifact: image });
    const end = await as.waitForSignature(request.id, quick);
    assert.ok(!JSON.stringify(end).includes(user.password));
    return { end, image, pem: publicKey(product, undefined, await profileOf(sandbox)).pem };
  } finally {
    await sandbox.close();
  }
}

test("an open registry is written to without a password", async () => {
  const open = await openDockerRegistry();
  try {
    assert.equal(await pushImage(new Registry(open), repository), digest);
    const { end, image, pem } = await sign(open);
    assert.equal(end.state, "signed", String(end.reason));
    await prove(new Registry(open), image, pem);
  } finally {
    await open.close();
  }
});

describe("a registry that wants tokens", () => {
  let tokens;
  let wanting;
  before(async () => {
    const { server } = certificates;
    tokens = await registryTokens(server, user);
    const auth = { realm: tokens.realm, service, issuer, rootcertbundle: join(folder, "ca.pem") };
    wanting = await tokenDockerRegistry(auth, registry);
  });
  after(async () => {
    await wanting?.close();
    await tokens?.close();
  });

  test("gives them for the password, and takes the signature", async () => {
    const { end, image, pem } = await sign({ ...wanting, ...user });
    assert.equal(end.state, "signed", String(end.reason));
    await prove(new Registry(registry), image, pem);
  });

  test("a wrong password, and none, end the request with the reason", async () => {
    const wrong = await sign({ ...wanting, ...user, password: "wrong-password" });
    assert.match(String(wrong.end.reason), /refused the username and password that are kept for it \(401\)/);
    const none = await sign(wanting);
    assert.match(String(none.end.reason), /asks for credentials \(401\) and none are kept/);
    assert.deepEqual([wrong.end.state, none.end.state], ["failed", "failed"]);
  });
});

describe("a registry with a certificate of a private CA", () => {
  let front;
  before(async () => {
    front = await tlsFront(certificates.server, registry.url);
  });
  after(() => front?.close());

  for (const form of ["pem", "der"]) {
    test(`is trusted with --registry-ca as ${form}`, async () => {
      const file = join(folder, `ca.${form}`);
      if (form === "der") {
        execFileSync("openssl", ["x509", "-in", join(folder, "ca.pem"), "-outform", "der", "-out", file]);
      }
      const { end, image, pem } = await sign({ ...front, ...user }, ["--registry-ca", file]);
      assert.equal(end.state, "signed", String(end.reason));
      await prove(new Registry(registry), image, pem);
    });
  }

  test("is not trusted without it, nor with another CA, and the reason says what to do", async () => {
    const another = join(folder, "another.pem");
    const made = temporaryFolder("another-ca");
    writeFileSync(another, makeCertificates(made.folder).ca);
    made.remove();
    for (const args of [[], ["--registry-ca", another]]) {
      const { end } = await sign({ ...front, ...user }, args);
      assert.equal(end.state, "failed");
      assert.match(
        String(end.reason),
        /certificate that is not trusted.*start the sandbox with --registry-ca/,
      );
    }
  });

  test("is not trusted under a name that the certificate lacks", async () => {
    const domain = front.domain.replace("127.0.0.1", "a.localhost");
    const elsewhere = { ...user, domain, url: `https://${domain}` };
    const { end } = await sign(elsewhere, ["--registry-ca", join(folder, "ca.pem")]);
    assert.equal(end.state, "failed");
    assert.match(String(end.reason), /certificate that is not trusted.*a\.localhost/);
  });
});
