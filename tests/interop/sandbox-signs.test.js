// What the sandbox signed, read by the tools of others.
import { after, before, describe } from "node:test";
import { openRegistry, pairing, registries } from "../support/interop.js";
import { othersVerify } from "../support/others-verify.js";

const bothCount = "accepts both keys";

for (const registry of registries) {
  describe(registry, () => {
    let at;
    before(async () => {
      at = await openRegistry(registry);
    });
    after(() => at?.close());

    othersVerify({ signer: "sandbox", registry }, () => at);

    for (const cosign of ["cosign-v3", "cosign-v2"]) {
      const row = { format: "simple signing", key: "RSA2048 and secp256r1", registry, expected: bothCount };
      for (const order of [
        ["sandbox", cosign],
        [cosign, "sandbox"],
      ]) {
        pairing({ ...row, signer: order.join(", then "), verifier: cosign }, async () => {
          const product = await at.product("RSA2048");
          const { key, pem } = at.tools.keyPair(cosign, "secp256r1");
          const image = await at.image();
          for (const signer of order) {
            if (signer === "sandbox") await at.sign(product, image);
            else at.tools.sign(cosign, "simple signing", key, image);
          }
          const accepted = [product.pem, pem].filter((it) => at.tools.accepts(cosign, it, image));
          return accepted.length === 2 ? bothCount : `accepts ${accepted.length} of 2 keys`;
        });
      }
    }
  });
}
