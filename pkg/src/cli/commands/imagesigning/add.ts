// `ocisign imagesigning add`: requests a signature, as the reference client does.
import { request } from "../../acting.ts";
import { command, required } from "../../command.ts";
import { findProduct } from "../../find-product.ts";
import { readArtifactUri } from "../../image.ts";
import { readMetadata, requestOptions, requiredText, text } from "../../options.ts";
import { requestText } from "../../request-text.ts";
import * as sample from "../../samples.ts";
import { explainUnknown } from "../../unexplained.ts";

export const add = command({
  name: "add",
  summary: "Request the signature of an image.",
  argument: required("type", "the type of the operation", ["SignOCI"]),
  options: {
    product: requiredText("-P, --product <id|name>", "the product: its id or name"),
    operid: text(
      "--operid <id>",
      "the product's operation; needed only if several of its operations sign images",
    ),
    artifact: requiredText(
      "-A, --artifact <base64>",
      "registry/repository@sha256:… in base64, with or without padding",
    ),
    ...requestOptions,
  },
  examples: [["As the reference client is called.", sample.add]],
  async run(session, { artifact, product: wanted, operid, ...said }) {
    const image = await readArtifactUri(artifact);
    const product = await findProduct(session, wanted);
    const metadata = readMetadata(said.metadata);
    const operation = operid ?? session.settings.operation?.value;
    return request(session, product, image, { ...said, metadata, operation });
  },
  text: (signing, output) => requestText(signing, output),
  beside: (signing, session) => explainUnknown(session, signing),
});
