// `ocisign approve`: shows what will be signed, asks, and approves exactly that.

import type { ImageReference, Profile, PublicKey, Signing } from "ocisign";
import type { ProductSeen } from "../../shown/product-view.ts";
import type { Refusal } from "../../shown/refusals.ts";
import type { RequestView } from "../../shown/request-view.ts";
import { acting } from "../acting.ts";
import { command, required } from "../command.ts";
import { type Consent, checkDigest, confirmDigest } from "../confirm.ts";
import { libraryError } from "../library-error.ts";
import { approvalComment, flag, text } from "../options.ts";
import { Problem } from "../problem.ts";
import { artifactProblem, decisionText, requestText, stateText, viewed } from "../request-text.ts";
import * as sample from "../samples.ts";
import type { Session } from "../session.ts";
import type { Row } from "../shown.ts";
import { explainUnknown } from "../unexplained.ts";

export const approve = command({
  name: "approve",
  summary: "Show what will be signed, ask, and approve exactly that.",
  argument: required("id", "the request's id"),
  options: {
    digest: text("--digest <digest>", "approve without asking, but only a request for this digest"),
    yes: flag("-y, --yes", "approve the request without asking; it is still shown", { conflicts: "digest" }),
    comment: approvalComment,
  },
  examples: [
    [
      "See what will be signed, and approve it by the end of its digest.",
      `ocisign approve ${sample.request}`,
    ],
    [
      "In a script: approve only a request for this digest.",
      `ocisign approve ${sample.request} --digest ${sample.digest}`,
    ],
  ],
  notes: `The approval is bound to the request as shown: if the request changes meanwhile, nothing is approved.
Without a terminal, give --digest or --yes.`,
  run: (session, { comment, ...consent }, id) => approveShown(session, id, comment, consent),
  text: (signing, output) => requestText(signing, output),
  beside: (signing, session) => explainUnknown(session, signing),
});

/** Nothing is approved that was not shown. */
export async function approveShown(
  session: Session,
  id: string,
  comment: string | undefined,
  consent: Consent,
): Promise<Signing> {
  await checkDigest(consent.digest);
  const { output, signal } = session;
  const client = await session.service();
  const shown = await client.signing(id, { signal });
  const request = await viewed(shown);
  const product = await readProduct(session, shown);
  const heading = shown.final ? "The request" : "This will be signed";
  const rows = await productRows(request, product, client.profile);
  output.note(`${heading}:\n${await decisionText(request, rows, output)}\n`);
  await confirmDigest(session, await imageToSign(request, product), consent);
  const approved = await acting(session, "The approval", () =>
    client.approve(id, { comment, expect: shown, expectProduct: product.value, signal }),
  );
  output.note("Approved.");
  return approved;
}

/** The one image that would be signed, unless the request cannot be approved at all. */
async function imageToSign(request: RequestView, product: ProductSeen): Promise<ImageReference> {
  const { signing, image } = request;
  if (signing.final) {
    const fix = "Choose a request that is not final; `ocisign signings --state waiting` lists them.";
    throw new Problem("conflict", `The request is final: ${stateText(signing)}.`, fix);
  }
  const { refusalsOf } = await import("../../shown/refusals.ts");
  const [refusal] = refusalsOf(request, product);
  if (refusal || !image) throw await refused(refusal ?? "no-reference", request, product);
  return image;
}

async function refused(refusal: Refusal, { artifact }: RequestView, product: ProductSeen): Promise<Problem> {
  if (refusal === "no-reference") {
    const what = `It is unclear what would be signed: ${artifactProblem(artifact)}`;
    return new Problem("bad-reply", what, "Report it to the service's operators. Nothing was approved.");
  }
  if (refusal === "product-unread") {
    const { code = "network", message = "" } = libraryError(product.error) ?? {};
    const what = `The request's product could not be read: ${message}`;
    return new Problem(code, what, "Run the command again, to see the product. Nothing was approved.");
  }
  const what = "The product does not sign for the image's registry.";
  return new Problem("registry-mismatch", what, "Reject the request. Nothing was approved.");
}

async function readProduct(session: Session, { productId }: Signing): Promise<ProductSeen> {
  if (!productId) return { state: "none" };
  const client = await session.service();
  try {
    return { state: "read", value: await client.product(productId, { signal: session.signal }) };
  } catch (error) {
    if (!libraryError(error) || session.signal.aborted) throw error;
    return { state: "failed", error };
  }
}

/** What the approval is bound to of the product. */
async function productRows(
  { signing, image }: RequestView,
  { state, value, error }: ProductSeen,
  profile: Profile,
): Promise<Row[]> {
  if (state === "failed") return [["product name", `(not readable: ${libraryError(error)?.message})`]];
  if (!value) return [];
  const { publicKey, registriesOf } = await import("ocisign");
  const { mismatch, operationOf } = await import("../../shown/product-view.ts");
  const wrong = image && libraryError(mismatch(value, image));
  return [
    ["product name", value.name],
    ["warning", value.enabled === false ? "The product is disabled." : undefined],
    ...registriesOf(value).map((registry): Row => ["registry", registry, "exact"]),
    ["problem", wrong?.message],
    ["operation name", operationOf(value, String(signing.idProductOperation))?.name],
    ...keyRows(() => publicKey(value, signing.idProductOperation, profile)),
  ];
}

function keyRows(read: () => PublicKey): Row[] {
  try {
    const { keyType, fingerprint } = read();
    return [["key", `${keyType} ${fingerprint}`, "exact"]];
  } catch (error) {
    const unread = libraryError(error);
    if (!unread) throw error;
    return [["key", `(not readable: ${unread.message})`]];
  }
}
