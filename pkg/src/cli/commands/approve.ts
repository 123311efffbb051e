// `ocisign approve`: shows what will be signed, asks, and approves exactly that.

import type { ImageReference, Product, Profile, Signing } from "ocisign";
import { nameOf } from "../../shown/names.ts";
import type { ProductSeen } from "../../shown/product-view.ts";
import type { Refusal } from "../../shown/refusals.ts";
import type { RequestView } from "../../shown/request-view.ts";
import type { FoundKey } from "../../signature/key-rule.ts";
import { acting, inFull } from "../acting.ts";
import { command, required } from "../command.ts";
import { type Consent, checkDigest, confirmDigest } from "../confirm.ts";
import { findRequestId, requestHelp } from "../find-request.ts";
import { sourceText } from "../key-text.ts";
import { libraryError } from "../library-error.ts";
import { approvalComment, flag, text } from "../options.ts";
import { Problem } from "../problem.ts";
import { answerText, artifactProblem, decisionText, stateText, viewed } from "../request-text.ts";
import { hintWith } from "../resume.ts";
import * as sample from "../samples.ts";
import type { Session } from "../session.ts";
import type { Row } from "../shown.ts";
import { explainUnknown } from "../unexplained.ts";
import { visible } from "../visible.ts";

export const approve = command({
  name: "approve",
  summary: "Show what will be signed, ask, and approve exactly that.",
  argument: required("id", requestHelp),
  options: {
    digest: text("--digest <digest>", "approve without asking, if it is for this digest"),
    yes: flag("-y, --yes", "approve without asking; the request is still shown", { conflicts: "digest" }),
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
  notes: `The approval is bound to the request as shown: if it changes meanwhile, nothing
is approved. Without a terminal, give --digest or --yes.`,
  async run(session, { comment, ...consent }, given) {
    // Nothing is asked of a service for a digest that is none.
    await checkDigest(consent.digest);
    return approveShown(session, await findRequestId(session, given), comment, consent);
  },
  text: (signing, _output, session) => answerText(signing, session),
  beside: (signing, session) => explainUnknown(session, signing),
});

/** Nothing is approved that was not shown. */
export async function approveShown(
  session: Session,
  id: string,
  comment: string | undefined,
  consent: Consent,
): Promise<Signing> {
  const { output, signal } = session;
  const client = await session.service();
  const shown = await client.signing(id, { signal });
  const request = await viewed(shown);
  const product = await readProduct(session, shown);
  const heading = shown.final ? "The request" : "This will be signed";
  const key = await keySeen(shown, product, client.profile);
  const rows = await productRows(request, product, key);
  output.note(`${heading}:\n${await decisionText(request, rows, session)}\n`);
  await confirmDigest(session, await imageToSign(request, product, key), consent);
  const reply = await acting(session, "The approval", () =>
    client.approve(id, { comment, expect: shown, expectProduct: product.value, signal }),
  );
  output.note("Approved.");
  const approved = await inFull(session, reply);
  await tellMissing(session, approved);
  return approved;
}

/** Who still has to approve, if the service says so, and what to do meanwhile. */
async function tellMissing(session: Session, approved: Signing): Promise<void> {
  const { output } = session;
  if (approved.final) return;
  const { missing } = await viewed(approved);
  if (missing && missing.length > 0) {
    const { names } = (await session.service()).profile;
    const groups = missing.map((id) => groupText(names, id));
    output.note(`Still missing: ${groups.map((group) => `an approval by ${group}`).join(", and ")}.`);
  }
  hintWith(session, "Next: wait for the signature with", ["status", approved.id, "--wait"]);
}

/** A group by its name, with the id behind it. */
function groupText(names: Profile["names"], id: string): string {
  const name = nameOf(names, "groups", id);
  return name === undefined ? `group ${visible(id, "exact")}` : `${visible(name)} (${visible(id, "exact")})`;
}

/** The one image that would be signed, unless the request cannot be approved at all. */
async function imageToSign(
  request: RequestView,
  product: ProductSeen,
  key: KeySeen,
): Promise<ImageReference> {
  const { signing, image } = request;
  if (signing.final) {
    const fix = "Choose a request that is not final; `ocisign signings --state waiting` lists them.";
    throw new Problem("conflict", `The request is final: ${stateText(signing)}.`, fix);
  }
  const { refusalsOf } = await import("../../shown/refusals.ts");
  const [refusal] = refusalsOf(request, product, key.problem);
  if (refusal === "key-mismatch") throw mismatched(key.problem);
  if (refusal || !image) throw await refused(refusal ?? "no-reference", request, product);
  return image;
}

/** The product's key is another than the pinned one: the message has both fingerprints. */
function mismatched(problem: unknown): Problem {
  const { message = "", fix = "" } = libraryError(problem) ?? {};
  return new Problem("key-mismatch", message, `${fix} Nothing was approved.`);
}

async function refused(
  refusal: Exclude<Refusal, "key-mismatch">,
  { artifact }: RequestView,
  product: ProductSeen,
): Promise<Problem> {
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

/** The product's key, or why it is not known. */
interface KeySeen {
  readonly found?: FoundKey;
  readonly problem?: unknown;
}

async function keySeen(
  { productId, idProductOperation: operation }: Signing,
  { value: product, error: unread }: ProductSeen,
  profile: Profile,
): Promise<KeySeen> {
  const { isWithheld } = await import("../../service/withheld.ts");
  if (!product && !isWithheld(unread)) return {};
  const { keyFor } = await import("../../shown/product-key.ts");
  try {
    return { found: keyFor({ product, unread, productId, operation, profile }) };
  } catch (problem) {
    if (!libraryError(problem)) throw problem;
    return { problem };
  }
}

/** What the approval is bound to of the product. */
async function productRows(
  { signing, image }: RequestView,
  { state, value, error }: ProductSeen,
  key: KeySeen,
): Promise<Row[]> {
  if (state === "failed") {
    return [["product name", `(not readable: ${libraryError(error)?.message})`], ...keyRows(key, true)];
  }
  if (!value) return [];
  const { registriesOf } = await import("ocisign");
  const { mismatch, operationOf } = await import("../../shown/product-view.ts");
  const wrong = image && libraryError(mismatch(value, image));
  return [
    ["product name", value.name],
    ["warning", value.enabled === false ? "The product is disabled." : undefined],
    ...(await lifeRows(value)),
    ...registriesOf(value).map((registry): Row => ["registry", registry, "exact"]),
    ["problem", wrong?.message],
    ["operation name", operationOf(value, String(signing.idProductOperation))?.name],
    ...keyRows(key, false),
  ];
}

/** @param isUnread then only a pinned key is worth a line */
function keyRows({ found, problem }: KeySeen, isUnread: boolean): Row[] {
  if (found) {
    const { keyType, fingerprint } = found.key;
    const rows: Row[] = [["key", `${keyType} ${fingerprint}`, "exact"]];
    return found.pin ? [...rows, ["key is", sourceText(found)]] : rows;
  }
  const unread = libraryError(problem);
  if (!unread || (isUnread && unread.code !== "key-mismatch")) return [];
  return [["key", `(not readable: ${unread.message})`]];
}

async function lifeRows(product: Product): Promise<Row[]> {
  const { lifeOf } = await import("../../shown/product-life.ts");
  const { text, problem } = lifeOf(product) ?? {};
  return [
    ["product state", text],
    ["warning", problem && "The product is not ready to sign."],
  ];
}
