// Signatures that openssl made and `attachSignature` pushed in both formats: whose verifier wants which hash?
import { after, before, describe } from "node:test";
import { attachSignature, signingPayload } from "ocisign";
import { containersImage, sigstoreGo } from "../support/go-witnesses.js";
import { openRegistry, pairing, registries } from "../support/interop.js";

/** @typedef {"simple-signing" | "bundle"} Format */

/** What a key signs with, and who takes that without being told. */
const cases = /** @type {const} */ ([
  { key: "RSA4096", hash: "sha256" },
  { key: "secp256r1", hash: "sha256" },
  { key: "secp384r1", hash: "sha256" },
  { key: "secp384r1", hash: "sha384" },
  { key: "secp521r1", hash: "sha512" },
]);
const own = { RSA4096: "sha256", secp256r1: "sha256", secp384r1: "sha384", secp521r1: "sha512" };

for (const registry of registries) {
  describe(registry, () => {
    /** @type {Awaited<ReturnType<typeof openRegistry>>} */
    let at;
    before(async () => {
      at = await openRegistry(registry);
    });
    after(() => at?.close());

    for (const { key, hash } of cases) {
      describe(`${key}, ${hash}`, () => {
        const named = `${key} with ${hash.replace("sha", "SHA-")}`;
        const row = { signer: "openssl, attachSignature", format: "both", key: named, registry };
        const word = (/** @type {boolean} */ isAccepted) => (isAccepted ? "accepts" : "refuses");
        /** @type {string} */
        let image;
        /** @type {string} */
        let pem;
        before(async () => {
          image = await at.image();
          const pair = at.tools.opensslKeyPair(key);
          pem = pair.pem;
          const made = async (/** @type {Format} */ format) => {
            const { bytes } = await signingPayload(image, format);
            return at.tools.run(
              "openssl",
              "dgst",
              `-${hash}`,
              "-sign",
              pair.key,
              at.tools.file("message", bytes),
            );
          };
          const signature = { "simple-signing": await made("simple-signing"), bundle: await made("bundle") };
          const { url, username, password } = at.access;
          const registry = { url, username: String(username), password: String(password) };
          await attachSignature(image, { format: "both", signature, publicKey: pem, registry });
        });

        const isUsual = hash === "sha256";
        const told = `--signature-digest-algorithm ${hash}`;
        const expected = isUsual ? "accepts" : `refuses; with ${told}: accepts`;
        for (const [verifier, cosign, args] of /** @type {const} */ ([
          ["cosign-v3", "cosign-v3", []],
          ["cosign-v2", "cosign-v2", []],
          ["cosign-v2 --new-bundle-format", "cosign-v2", ["--new-bundle-format"]],
        ])) {
          pairing({ ...row, verifier, expected }, () => {
            const accepts = (/** @type {string[]} */ more) =>
              word(at.tools.accepts(cosign, pem, image, [...args, ...more]));
            return isUsual ? accepts([]) : `${accepts([])}; with ${told}: ${accepts(told.split(" "))}`;
          });
        }
        pairing({ ...row, verifier: "containers/image", expected: word(isUsual) }, () =>
          word(containersImage(at.tools, pem, image).isAccepted),
        );
        const [byOwn, bySha256] = [word(hash === own[key]), word(isUsual)];
        pairing(
          { ...row, verifier: "sigstore-go", expected: `the key's own hash: ${byOwn}; SHA-256: ${bySha256}` },
          async () => {
            const said = await sigstoreGo(at.tools, at.access, pem, image);
            const start = (/** @type {string} */ answer) => answer.split(":")[0];
            return `the key's own hash: ${start(said.own)}; SHA-256: ${start(said.sha256)}`;
          },
        );
      });
    }

    // Every image here has the same digest, so a signature that is copied to another repository finds its image.
    pairing(
      {
        ...{
          signer: "sandbox, copied to another repository",
          format: "simple signing",
          key: "secp256r1",
          registry,
        },
        ...{ verifier: "containers/image", expected: "refuses" },
      },
      async () => {
        const product = await at.product("secp256r1");
        const [from, to] = [await at.image(), await at.image()];
        await at.sign(product, from);
        const tagged = (/** @type {string} */ image) => image.replace("@sha256:", ":sha256-").concat(".sig");
        at.tools.crane("copy", tagged(from), tagged(to));
        const { isAccepted, said } = containersImage(at.tools, product.pem, to);
        return isAccepted || !/identity|does not match/i.test(said) ? said || "accepts" : "refuses";
      },
    );
  });
}
