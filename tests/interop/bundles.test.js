// What the sandbox signed in a bundle, and in both formats, read by the tools and libraries of others.
import { after, before, describe } from "node:test";
import { containersImage, sigstoreGo } from "../support/go-witnesses.js";
import {
  anotherKey,
  answers,
  keyTypes,
  onlyTheKey,
  openRegistry,
  pairing,
  registries,
} from "../support/interop.js";

const bundle = "bundle v0.3";
const bothCount = "accepts both keys";
const orders = [
  ["sandbox", "cosign-v3"],
  ["cosign-v3", "sandbox"],
];
/** This cosign 2 finds bundles by itself, too. */
const readers = /** @type {const} */ ([
  ["cosign-v3", "cosign-v3", []],
  ["cosign-v2", "cosign-v2", []],
  ["cosign-v2 --new-bundle-format", "cosign-v2", ["--new-bundle-format"]],
]);

for (const registry of registries) {
  for (const [option, format] of [
    ["bundle", bundle],
    ["both", "both"],
  ]) {
    describe(`${registry}, ${format}`, () => {
      /** @type {Awaited<ReturnType<typeof openRegistry>>} */
      let at;
      before(async () => {
        at = await openRegistry(registry, ["--signature-format", option]);
      });
      after(() => at?.close());

      // Each keeps what the other listed.
      for (const order of format === bundle ? orders : []) {
        const row = { signer: order.join(", then "), format, key: "RSA2048 and secp256r1", registry };
        pairing({ ...row, verifier: "cosign-v3", expected: bothCount }, async () => {
          const product = await at.product("RSA2048");
          const { key, pem } = at.tools.keyPair("cosign-v3", "secp256r1");
          const image = await at.image();
          for (const signer of order) {
            if (signer === "sandbox") await at.sign(product, image);
            else at.tools.sign("cosign-v3", bundle, key, image);
          }
          const accepted = [product.pem, pem].filter((it) => at.tools.accepts("cosign-v3", it, image));
          return accepted.length === 2 ? bothCount : `accepts ${accepted.length} of 2 keys`;
        });
      }

      for (const key of keyTypes) {
        describe(key, () => {
          const row = { signer: "sandbox", format, key, registry };
          const wrong = anotherKey(key);
          /** @type {string} */
          let image;
          /** @type {string} */
          let pem;
          before(async () => {
            const product = await at.product(key);
            image = await at.image();
            await at.sign(product, image);
            pem = product.pem;
          });

          for (const [verifier, cosign, args] of readers) {
            pairing({ ...row, verifier, expected: onlyTheKey }, () => {
              const accepts = (/** @type {string} */ by) => at.tools.accepts(cosign, by, image, [...args]);
              return answers(accepts(pem), accepts(wrong));
            });
          }
          // It reads simple signing alone, and wants it bound to the repository.
          pairing({ ...row, verifier: "containers/image", expected: ofPolicy(format) }, () => {
            const { isAccepted, said } = containersImage(at.tools, pem, image);
            const another = containersImage(at.tools, wrong, image).isAccepted;
            return isAccepted ? answers(isAccepted, another) : `refuses: ${said}`;
          });
          if (format === bundle) {
            // It takes the hash of the key's own type, unless a program chooses another.
            const own = key === "secp384r1" || key === "secp521r1" ? "refuses" : "accepts";
            const expected = `${own}; with SHA-256: accepts; another key: refuses`;
            pairing({ ...row, verifier: "sigstore-go", expected }, async () => {
              const word = (/** @type {string} */ answer) => answer.split(":")[0];
              const said = await sigstoreGo(at.tools, at.access, pem, image);
              const other = await sigstoreGo(at.tools, at.access, wrong, image);
              return `${word(said.own)}; with SHA-256: ${word(said.sha256)}; another key: ${word(other.sha256)}`;
            });
          }
        });
      }
    });
  }
}

/** @param {string} format */
function ofPolicy(format) {
  if (format !== bundle) return onlyTheKey;
  return "refuses: A signature was required, but no signature exists";
}
