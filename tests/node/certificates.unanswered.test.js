// A platform whose cryptography does not answer: of a certificate, nothing is known then, neither good nor bad.
import assert from "node:assert/strict";
import { createPublicKey, sign } from "node:crypto";
import { after, test } from "node:test";
import { attachSignature, signingPayload } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { bundle, simple, verified } from "../support/certified.js";
import { ca, lasting, now, Pki } from "../support/code-signing.js";
import { referringRegistry } from "../support/referring-registry.js";
import { manifestOf } from "../support/signatures.js";

const pki = new Pki();
after(() => pki.close());
const root = pki.issue("/O=Example/CN=Root", lasting);
const middle = pki.issue("/O=Example/CN=Middle", { issuer: root, extensions: ca, ...lasting });
const leaf = pki.issue("/O=Example/CN=Release", { issuer: middle, ...lasting });

const signer = createPublicKey(leaf.publicKey).export({ type: "spki", format: "der" });

/** Of the keys that issued certificates. @param {import("node:test").TestContext} t @param {string} name of the error */
function refuseIssuers(t, name) {
  const real = crypto.subtle.importKey.bind(crypto.subtle);
  t.mock.method(crypto.subtle, "importKey", (/** @type {Parameters<typeof real>} */ ...given) => {
    const isSigner = signer.equals(Buffer.from(/** @type {ArrayBuffer} */ (given[1])));
    return isSigner ? real(...given) : Promise.reject(new DOMException("Not here.", name));
  });
}

test("a certificate that the platform cannot check is unreachable, not invalid", async (t) => {
  refuseIssuers(t, "NotSupportedError");
  for (const made of [simple, bundle]) {
    const { state, reason, problems } = await verified(made({ leaf, chain: [middle] }), {
      roots: root.pem,
      at: now,
    });
    assert.equal(state, "unreachable", reason);
    assert.match(reason, /^The platform's cryptography could not check a certificate signed with /);
    assert.deepEqual(
      problems.map(({ code, fix }) => [code, fix]),
      [["no-crypto", "Verify it with another browser, or with Node."]],
    );
  }
});

test("a certificate whose issuer's key is refused is invalid", async (t) => {
  refuseIssuers(t, "DataError");
  const { state, reason } = await verified(simple({ leaf, chain: [middle] }), { roots: root.pem, at: now });
  assert.equal(state, "invalid", reason);
  assert.match(reason, /cannot have signed another one/);
});

test("nothing is pushed with a certificate that the platform cannot check", async (t) => {
  const image = manifestOf({ digest: "the image itself" });
  const reference = `registry.example/team/app@${digestOf(image)}`;
  const registry = referringRegistry();
  registry.manifest("team/app", image);
  const { bytes } = await signingPayload(reference, "simple-signing");
  const signature = sign("sha256", bytes, leaf.privateKey);
  refuseIssuers(t, "NotSupportedError");
  const { fetch, asked } = registry;
  await assert.rejects(
    attachSignature(reference, {
      signature,
      publicKey: leaf.publicKey,
      certificate: leaf.pem,
      chain: middle.pem,
      registry: { fetch },
    }),
    { code: "no-crypto", message: /could not check a certificate/ },
  );
  assert.equal(asked.length, 0, "nothing was asked for, and nothing pushed");
});
