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
/** cosign 2 looks for bundles only when it is told. */
const readers = /** @type {const} */ ([
  ["cosign-v3", "cosign-v3", []],
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
          if (format === "both") {
            pairing({ ...row, verifier: "cosign-v2", expected: onlyTheKey }, () => {
              const accepts = (/** @type {string} */ by) => at.tools.accepts("cosign-v2", by, image);
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
