// `ocisign key`: a product's public key.
import { command } from "../command.ts";
import { chosenProduct } from "../find-product.ts";
import * as settings from "../settings.ts";

export const key = command({
  name: "key",
  summary: "Print a product's public key, in PEM.",
  settings: settings.product,
  examples: [["Give it to cosign, Kyverno or openssl.", 'ocisign key --product "OCI SIGN" > ocisign.pem']],
  async run(session) {
    const { publicKey } = await import("ocisign");
    const product = await chosenProduct(session);
    const { profile } = await session.service();
    const { spki: _, ...key } = publicKey(product, session.settings.operation?.value, profile);
    return { productId: product.id, ...key };
  },
  text: ({ pem }) => pem.trimEnd(),
  beside({ keyType, fingerprint, warning }, { output }) {
    if (output.isJson) return;
    output.note(`${keyType} ${fingerprint}`);
    if (warning) output.note(`warning: ${warning}`);
    output.hint("Next: keep it in a file, and verify with `ocisign verify IMAGE --key FILE`.");
  },
});
