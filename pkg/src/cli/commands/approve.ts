// `ocisign approve`: shows what will be signed, asks, and approves exactly that.

import type { ImageReference, Profile, Signing } from "ocisign";
import { nameOf } from "../../shown/names.ts";
import type { ProductSeen } from "../../shown/product-view.ts";
import type { Refusal } from "../../shown/refusals.ts";
import type { RequestView } from "../../shown/request-view.ts";
import { visible } from "../../shown/visible.ts";
import { acting, inFull } from "../acting.ts";
import type { Decided } from "../batch/together.ts";
import { requestsWanted, togetherOptions } from "../batch/wanted.ts";
import { anyNumber, command } from "../command.ts";
import { asks, type Consent, checkDigest, confirmDigest } from "../confirm.ts";
import { checkAnswer } from "../denied.ts";
import { findRequestId, requestHelp } from "../find-request.ts";
import { libraryError } from "../library-error.ts";
import { approvalComment, flag, text } from "../options.ts";
import { exitCode, Problem, usage } from "../problem.ts";
import { type KeySeen, keySeen, productRows, readProduct } from "../product-rows.ts";
import { answerText, decisionText, problemOf, seeRequest, stateText, viewed } from "../request-text.ts";
import { hintWith } from "../resume.ts";
import * as sample from "../samples.ts";
import type { Session } from "../session.ts";
import { explainUnknown } from "../unexplained.ts";

export const approve = command({
  name: "approve",
  summary: "Show what will be signed, ask, and approve exactly that.",
  argument: anyNumber("id", requestHelp),
  options: {
    ...togetherOptions,
    digest: text("--digest <digest>", "approve without asking, if it is for this digest"),
    yes: flag("-y, --yes", "approve one without asking; it is still shown", { conflicts: "digest" }),
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
    ["See all requests of one run together.", `ocisign approve --batch ${sample.batch}`],
  ],
  notes: "What changed after it was shown is not approved.",
  async run(session, { comment, digest, yes, ...given }, ids): Promise<Decided> {
    // Nothing is asked of a service for a digest that is none.
    await checkDigest(digest);
    const { one, together } = await requestsWanted(session, ids, given);
    if (one !== undefined) {
      return {
        one: await approveShown(session, await findRequestId(session, one), comment, { digest, yes }),
      };
    }
    checkOfOne(digest, yes, given.confirm);
    const { approveTogether } = await import("../batch/together.ts");
    return { together: await approveTogether(session, together, { ...given, comment }) };
  },
  text: (result, _output, session) => (result.one ? answerText(result.one, session) : undefined),
  json: (result) => result.one ?? result.together.document,
  beside: (result, session) => {
    if (result.one) explainUnknown(session, result.one);
  },
  exit: (result) => result.together?.exit ?? exitCode.done,
});

/** What was not looked at together is not approved by a flag. */
function checkOfOne(digest: string | undefined, yes: boolean, confirm: string | undefined): void {
  const fix = "Give --confirm with the number of requests and the end of the hash, as they are shown.";
  if (digest !== undefined) throw usage("--digest is for one request.", fix);
  if (yes && confirm === undefined) throw usage("--yes alone approves no more than one request.", fix);
}

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
  await seeRequest(shown, session);
  const request = await viewed(shown);
  const product = await readProduct(session, shown);
  const heading = shown.final ? "The request" : "This will be signed";
  const key = await keySeen(shown, product, client.profile);
  const rows = await productRows(request, product, key);
  output.note(`${heading}:\n${await decisionText(request, rows, session)}\n`);
  const image = await imageToSign(request, product, key);
  if (asks(consent)) await checkNothingLost(session, id);
  await confirmDigest(session, image, consent);
  const reply = await acting(session, "The approval", () =>
    client.approve(id, { comment, expect: shown, expectProduct: product.value, signal }),
  );
  await checkAnswer("approve", "The approval", reply);
  output.note("Approved.");
  const approved = await inFull(session, reply);
  await tellMissing(session, approved);
  return approved;
}

/** The client refuses it as well, but only once the person has read all of it and typed the end of the digest. */
async function checkNothingLost(session: Session, id: string): Promise<void> {
  const { lossOf } = await import("../../shown/loss-of.ts");
  const { code, message } = libraryError(await lossOf(await session.service(), id, session.signal)) ?? {};
  if (code === undefined) return;
  throw new Problem(code, String(message), "Report it to the service's operators. Nothing was approved.");
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
  request: RequestView,
  product: ProductSeen,
): Promise<Problem> {
  if (refusal === "no-reference") {
    const what = `It is unclear what would be signed: ${problemOf(request)}`;
    const fix = request.digest
      ? "Ask the requester what it is, or reject it."
      : "Report it to the service's operators.";
    return new Problem("bad-reply", what, `${fix} Nothing was approved.`);
  }
  if (refusal === "product-unread") {
    const { code = "network", message = "" } = libraryError(product.error) ?? {};
    const what = `The request's product could not be read: ${message}`;
    return new Problem(code, what, "Run the command again, to see the product. Nothing was approved.");
  }
  const what = "The product does not sign for the image's registry.";
  return new Problem("registry-mismatch", what, "Reject the request. Nothing was approved.");
}
