// `ocisign imagesigning add`: requests a signature, as the reference client does.
import { inFull, request } from "../../acting.ts";
import { command, required } from "../../command.ts";
import { readArtifactUri } from "../../image.ts";
import { readMetadata, requestOptions, requiredText, text } from "../../options.ts";
import { productToRequest, uncheckedOf, unreadProduct } from "../../product-seen.ts";
import { answerText } from "../../request-text.ts";
import * as sample from "../../samples.ts";
import { explainUnknown } from "../../unexplained.ts";

export const add = command({
  name: "add",
  summary: "Request the signature of an image.",
  argument: required("type", "the type of the operation", ["SignOCI"]),
  options: {
    product: requiredText("-P, --product <id|name>", "the product: its id or name"),
    operid: text("--operid <id>", "its operation, if several of them sign images"),
    artifact: requiredText("-A, --artifact <base64>", "registry/repository@sha256:… in base64"),
    unreadProduct,
    ...requestOptions,
  },
  examples: [["As the reference client is called.", ...sample.add]],
  async run(session, { artifact, product: wanted, operid, unreadProduct: mayBeUnread, ...said }) {
    const image = await readArtifactUri(artifact);
    const metadata = readMetadata(said.metadata);
    const operation = operid ?? session.settings.operation?.value;
    const product = await productToRequest(session, wanted, operation, mayBeUnread);
    const requested = await request(session, product, image, { ...said, metadata, operation });
    return { signing: await inFull(session, requested), told: uncheckedOf(requested) };
  },
  text: ({ signing }, _output, session) => answerText(signing, session),
  json: ({ signing, told }) => ({ ...signing, ...told }),
  beside: ({ signing }, session) => explainUnknown(session, signing),
});
