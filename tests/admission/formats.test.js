// Which format does each controller admit, and by which policy? The sandbox signs an image in each; the rows are those of
// docs/interop.md.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { publicKey } from "ocisign";
import { admission, inBundles, replacing } from "../support/admission.js";
import { ready } from "../support/examples.js";
import { temporaryFolder } from "../support/sandbox.js";
import { keyPair } from "../support/signatures.js";

const { folder, remove } = temporaryFolder("formats");
after(remove);
const stranger = keyPair("P-256").pem;

/** @typedef {ReturnType<typeof admission>} Judge */
/** @typedef {(judge: Judge, key: string, image: string) => { status: number | null, stdout: string }} Judging */

const ofBundles = replacing("    - name: hsm\n", "    - name: hsm\n      signatureFormat: bundle\n");

/** @type {Record<string, { judging: Judging, admits: string[], says?: RegExp }>} */
const judges = {
  "policy-controller": {
    judging: (judge, key, image) => judge.policyController(key, image),
    admits: ["simple-signing", "both"],
    says: /no signatures found/,
  },
  "policy-controller, signatureFormat: bundle": {
    judging: (judge, key, image) => judge.policyController(key, image, ofBundles),
    admits: [],
    says: /the authority must be keyless/,
  },
  "Kyverno, ImageValidatingPolicy": {
    judging: (judge, key, image) => judge.kyverno("kyverno.yaml", key, [image]),
    admits: ["simple-signing", "bundle", "both"],
  },
  "Kyverno, ClusterPolicy, type: Cosign": {
    judging: (judge, key, image) => judge.kyverno("kyverno-clusterpolicy.yaml", key, [image]),
    admits: ["simple-signing", "both"],
    says: /no signatures found/,
  },
  "Kyverno, ClusterPolicy, type: SigstoreBundle": {
    judging: (judge, key, image) => judge.kyverno("kyverno-clusterpolicy.yaml", key, [image], inBundles),
    admits: ["bundle", "both"],
    says: /sigstore bundle verification failed: no matching signatures found/,
  },
};

for (const format of ["simple-signing", "bundle", "both"]) {
  describe(format, () => {
    /** @type {Awaited<ReturnType<typeof ready>>} */
    let world;
    before(async () => {
      world = await ready([], ["--signature-format", format]);
      const { as, product, image } = world;
      const { id } = await as("requester").requestSigning({ product, artifact: image });
      await as("requester").waitForSignature(id);
    });
    after(() => world?.sandbox.close());

    for (const [name, { judging, admits, says }] of Object.entries(judges)) {
      const isAdmitted = admits.includes(format);
      test(`${name}: ${isAdmitted ? "admits it, and not with another key" : "refuses it"}`, () => {
        const judge = admission(folder, world.adapt);
        const by = (/** @type {string} */ key) => judging(judge, key, world.image);
        const { status, stdout } = by(publicKey(world.product).pem);
        assert.equal(status, isAdmitted ? 0 : 1, stdout);
        if (!isAdmitted && says) assert.match(stdout, says);
        assert.equal(by(stranger).status, 1);
      });
    }
  });
}
