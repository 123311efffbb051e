// `ocisign approve`: shows what will be signed, asks, and approves exactly that.

import type { Signing } from "ocisign";
import { acting } from "../acting.ts";
import { command, required } from "../command.ts";
import { type Consent, checkDigest, confirmDigest } from "../confirm.ts";
import { libraryError } from "../library-error.ts";
import { approvalComment, flag, text } from "../options.ts";
import { Problem } from "../problem.ts";
import { artifactProblem, requestText, stateText } from "../request-text.ts";
import * as sample from "../samples.ts";
import type { Session } from "../session.ts";
import type { Row } from "../shown.ts";
import { explainUnknown } from "../wait.ts";

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
  const heading = shown.final ? "The request" : "This will be signed";
  output.note(`${heading}:\n${await requestText(shown, output, await productRows(session, shown))}\n`);
  await confirmDigest(session, await imageOf(shown), consent);
  const approved = await acting(session, "The approval", () =>
    client.approve(id, { comment, expect: shown, signal }),
  );
  output.note("Approved.");
  return approved;
}

/** The one image that would be signed. */
async function imageOf(shown: Signing) {
  const { artifactOf } = await import("ocisign");
  const artifact = artifactOf(shown);
  if (artifact.state !== "image") {
    const what = `It is unclear what would be signed: ${artifactProblem(artifact)}`;
    const fix = "Report it to those who run the service. Nothing was approved.";
    throw new Problem("bad-reply", what, fix);
  }
  if (shown.final) {
    const fix = "Choose a request that is not final; `ocisign signings --state waiting` lists them.";
    throw new Problem("conflict", `The request is final: ${stateText(shown)}.`, fix);
  }
  return artifact.reference;
}

/** The product's name and key, for the eyes only: some approvers may not read products. */
async function productRows(session: Session, { productId, idProductOperation }: Signing): Promise<Row[]> {
  if (!productId) return [];
  const { publicKey } = await import("ocisign");
  const client = await session.service();
  try {
    const product = await client.product(productId, { signal: session.signal });
    const { keyType, fingerprint } = publicKey(product, idProductOperation, client.profile);
    return [
      ["product name", product.name],
      ["key", `${keyType} ${fingerprint}`],
    ];
  } catch (error) {
    const refused = libraryError(error);
    if (!refused || session.signal.aborted) throw error;
    return [["product name", `(not readable: ${refused.message})`]];
  }
}
