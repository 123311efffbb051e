// The shell blocks of docs/coming-from-cosign.md, run as they stand: by openssl, a PKCS #11 token, what stands in for the
// program of a key management service, and a sandbox.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { verifyImage } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { root } from "../../tools/machine/command.js";
import { cliSandbox } from "../support/cli.js";
import { digestProductFor } from "../support/digest-product.js";
import { blocksIn } from "../support/documents.js";
import { opensslSigner } from "../support/signers.js";
import { softHsm } from "../support/softhsm.js";

const file = "docs/coming-from-cosign.md";
const blocks = blocksIn(file, readFileSync(join(root, file), "utf8")).filter(
  ({ language }) => language === "sh",
);

let at;
let hsm;
before(async () => {
  at = await cliSandbox("coming-from-cosign");
  hsm = softHsm();
});
after(async () => {
  hsm?.close();
  await at?.close();
});

/** What each block names in its first line. @type {Record<string, () => Promise<Record<string, string>>>} */
const given = {
  "With openssl": async () => ({}),
  "With a PKCS #11 token": async () => {
    const [, module] = hsm.args;
    const pair = [
      "--login",
      "--pin",
      "correct-horse",
      "--keypairgen",
      "--key-type",
      "EC:prime256v1",
      "--id",
      "01",
    ];
    execFileSync("pkcs11-tool", ["--module", module, ...pair], { stdio: "pipe" });
    return {
      MODULE: module,
      PIN: "correct-horse",
      KEY: "01",
      SOFTHSM2_CONF: process.env.SOFTHSM2_CONF ?? "",
    };
  },
  "With a key management service": async () => {
    const { publicKey } = opensslSigner(at.folder, "P-256");
    const program = join(at.folder, "bin", "aws");
    writeFileSync(program, aws(publicKey));
    chmodSync(program, 0o755);
    return { KEY_ID: "the-key" };
  },
  "With the signing service": async () => {
    const product = digestProductFor(at.sandbox, { name: "digests", approvalGroups: [] });
    await at.as("requester").createProduct(product);
    return { PRODUCT: "digests" };
  },
};

/** `aws kms` as far as the block uses it. A request in another form than AWS takes fails. @param {string} publicKey */
function aws(publicKey) {
  return `#!/bin/bash
set -euo pipefail
case "$*" in
  "kms get-public-key --key-id the-key --query PublicKey --output text")
    openssl pkey -pubin -in '${publicKey}' -outform DER | base64 -w 0; echo ;;
  "kms sign --key-id the-key --message fileb://"*" --message-type DIGEST --signing-algorithm ECDSA_SHA_256 --query Signature --output text")
    digest="\${6#fileb://}"
    [ "$(stat -c %s "$digest")" = 32 ]
    openssl pkeyutl -sign -inkey '${publicKey.replace(".public.", ".private.")}' -in "$digest" | base64 -w 0; echo ;;
  *) echo "aws: no such call: $*" >&2; exit 2 ;;
esac
`;
}

for (const { heading, place, code } of blocks) {
  test(`${place}: ${heading}`, async () => {
    const give = given[heading] ?? assert.fail(`nothing runs the block under "${heading}"`);
    const repository = `team/${heading.replace(/\W+/g, "-").toLowerCase()}`;
    const image = `${at.sandbox.registry.domain}/${repository}@${await pushImage(at.registry, repository, heading)}`;
    const { username, password, url } = at.sandbox.registry;
    const env = {
      ...(await give()),
      ...{ IMAGE: image, OCISIGN_REGISTRY_USERNAME: username, OCISIGN_REGISTRY_PASSWORD: password },
    };
    const { code: exit, stdout, stderr } = await at.bash(`set -eu\n${code}`, { env });
    assert.equal(exit, 0, `${stdout}\n${stderr}`);
    assert.match(stdout, /^verified/m);
    // What nobody signed would be unsigned.
    const pem = readFileSync(join(root, "tests", "fixtures", "secp256r1.pem"));
    const other = await verifyImage(image, { publicKey: pem, registry: { url, username, password } });
    assert.equal(other.state, "invalid");
  });
}
