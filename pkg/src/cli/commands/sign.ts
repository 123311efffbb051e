// `ocisign sign`: requests a signature, or one for each line of a file.

import type { Profile, PublicKey, RequestedSigning, Signing, Verification } from "ocisign";
import type { FoundKey } from "../../signature/key-rule.ts";
import { inFull, type RequestDetails, request } from "../acting.ts";
import { listOptions, type Skip } from "../bulk/options.ts";
import type { SignedList } from "../bulk/sign-list.ts";
import { command, optional } from "../command.ts";
import { hashNamed } from "../digest/hashes.ts";
import type { DigestOutcome } from "../digest/sign-digest.ts";
import { viaOptions } from "../digest/via-options.ts";
import { askedBefore } from "../earlier-requests.ts";
import { readKeyIn } from "../key-file.ts";
import { sourceText } from "../key-text.ts";
import { checkWait, flag, readMetadata, requestOptions, text, waitOptions } from "../options.ts";
import { exitCode } from "../problem.ts";
import { type ProductSeen, productToRequest, uncheckedOf, unreadProduct } from "../product-seen.ts";
import { registryOptions } from "../registry-options.ts";
import { answerText, exitFor } from "../request-text.ts";
import { hintWith } from "../resume.ts";
import * as sample from "../samples.ts";
import type { Session } from "../session.ts";
import * as settings from "../settings.ts";
import { kindOf } from "../sign-kind.ts";
import { imageToSign } from "../tagged-image.ts";
import { explainUnknown } from "../unexplained.ts";
import { exitForVerification, verificationText } from "../verification-text.ts";
import { explainNotFinal, waitFor } from "../wait.ts";
import { shownPath } from "../withheld.ts";

/** What came of one image. */
interface Outcome {
  readonly signing: Signing;
  readonly verification?: Verification | undefined;
  readonly waited: boolean;
  readonly timeout: number | undefined;
  /** That nothing here could check the request, if that is so. */
  readonly told: ReturnType<typeof uncheckedOf>;
  /** The key that it was verified with. */
  readonly key?: FoundKey | undefined;
}

interface SignOptions {
  readonly wait: boolean;
  readonly verify: boolean;
  readonly timeout: number | undefined;
  /** A file that holds the expected key. */
  readonly key: string | undefined;
  readonly mayBeUnread: boolean;
  /** Ask nothing on the terminal. */
  readonly yes: boolean;
  readonly skip: Skip | undefined;
}

export const sign = command({
  name: "sign",
  summary: "Request the signature of an image.",
  argument: optional("image", "registry/repository@sha256:…, or a tag that is resolved and shown"),
  options: {
    fromFile: text("--from-file <file>", "sign each line of a list; - is standard input"),
    ...requestOptions,
    ...waitOptions,
    verify: flag("--verify", "wait, then verify the signature in the registry"),
    key: text("--key <file>", "with --verify: the public key that is expected"),
    ...viaOptions,
    recursive: flag("--recursive", "sign an index and every image in it, one request each"),
    yes: flag("--yes", "sign what a tag names now, and ask nothing else"),
    unreadProduct,
    ...listOptions,
  },
  settings: [...settings.product, ...settings.registry],
  examples: [
    [
      "",
      `ocisign sign ${sample.image} --product "OCI SIGN" --metadata Version=1.2`,
      'ocisign sign --from-file images.txt --journal j --product "OCI SIGN"',
    ],
  ],
  async run(session, options, image): Promise<Outcome | SignedList | DigestOutcome> {
    const kind = kindOf(options, image);
    // It waits and verifies in any case: what is requested is of no use before it is attached.
    checkWait({ waits: kind === "digest" || options.wait || options.verify, timeout: options.timeout });
    const operation = session.settings.operation?.value;
    const { name, description } = options;
    const details = { name, description, metadata: readMetadata(options.metadata), operation };
    const { unreadProduct: mayBeUnread, ...others } = options;
    switch (kind) {
      case "digest": {
        const { signByDigest } = await import("../digest/sign-digest.ts");
        const hash = hashNamed(options.hash);
        const isBlind = options.skip?.length === 0;
        return signByDigest(session, String(image), { ...options, hash, mayBeUnread, isBlind }, details);
      }
      case "index": {
        const { signIndex } = await import("../bulk/sign-index.ts");
        return signIndex(session, String(image), { ...others, details, mayBeUnread });
      }
      case "list": {
        const { signList } = await import("../bulk/sign-list.ts");
        return signList(session, String(options.fromFile), { ...others, details, mayBeUnread });
      }
      case "image":
        return signOne(session, String(image), { ...others, mayBeUnread }, details);
    }
  },

  async text(outcome, output, session) {
    if ("requests" in outcome) {
      const { digestText } = await import("../digest/sign-digest.ts");
      return digestText(outcome, output, session);
    }
    // Of a file, each line was told when it was requested.
    if ("exit" in outcome) return undefined;
    const { signing, verification } = outcome;
    const lines = await answerText(signing, session);
    return verification ? `${lines}\n${verificationText(verification, output)}` : lines;
  },

  json(outcome) {
    if ("requests" in outcome) return outcome.document;
    if ("exit" in outcome) return undefined;
    const { signing, verification, told, key } = outcome;
    const { from, pin } = key ?? {};
    const proof = verification && { verification, key: { from, pinned: pin !== undefined } };
    return { ...signing, ...told, ...proof };
  },

  async beside(outcome, session) {
    if ("requests" in outcome) {
      const { tellDigest } = await import("../digest/sign-digest.ts");
      return tellDigest(outcome, session);
    }
    if ("exit" in outcome) return;
    explainUnknown(session, outcome.signing);
    if (outcome.waited) explainNotFinal(session, outcome.signing, outcome.timeout);
    else if (!outcome.signing.final) {
      hintWith(session, "Next: the approvers run", ["approve", outcome.signing.id]);
      hintWith(session, "Wait for the signature with", ["status", outcome.signing.id, "--wait"]);
    }
  },

  exit(outcome) {
    if ("exit" in outcome) return outcome.exit;
    const { signing, verification, waited } = outcome;
    if (verification) return exitForVerification(verification);
    return waited ? exitFor(signing) : exitCode.done;
  },
});

async function signOne(
  session: Session,
  text: string,
  { wait, verify, timeout, key: file, mayBeUnread, yes, skip }: SignOptions,
  details: RequestDetails,
): Promise<Outcome> {
  const { checkRegistry, verifySigning } = await import("ocisign");
  const { output, signal } = session;
  const image = await imageToSign(session, text, yes);
  const given = file === undefined ? undefined : await readKeyIn(file);
  const registry = verify ? await registryOptions(session, image) : undefined;
  const { operation } = details;
  const seen = await productToRequest(session, session.settings.product?.value, operation, mayBeUnread);
  const { product } = seen;
  if (product) checkRegistry(image, product);
  const client = await session.service();
  // Which key it is, is known before anything is sent: it ends here if that differs from the pinned one.
  const key = verify ? await expectedKey(client.profile, seen, operation, { given, file }) : undefined;
  if (key && (key.pin || key.from !== "product")) output.note(`key: ${sourceText(key)}`);
  const wanted = { image, seen, operation, takesUp: skip?.includes("pending") ?? false, yes };
  const earlier = skip?.length === 0 ? undefined : await askedBefore(session, wanted);
  const requested: RequestedSigning = earlier ?? (await request(session, seen, image, details));
  const told = uncheckedOf(requested);
  const waited = wait || verify;
  const begun = performance.now();
  if (!waited) return { signing: await inFull(session, requested), waited, timeout, told };
  const end = await waitFor(session, requested.id, requested, timeout);
  if (!registry || end.state !== "signed") return { signing: end, waited, timeout, told };
  // Status 16 is the service's claim; this is the registry's.
  output.progress(`${end.id}: signed; verifying`);
  // What is left of --timeout, to look again for what the registry does not show yet.
  const timeoutMs = timeout === undefined ? undefined : Math.max(begun + timeout - performance.now(), 1);
  const proof = { reference: image, product, publicKey: given, registry, signal, timeoutMs };
  const { signing, verification, key: used } = await verifySigning(client, end, proof);
  output.settle();
  return { signing, verification, waited, timeout, told, key: used };
}

async function expectedKey(
  profile: Profile,
  seen: ProductSeen,
  operation: string | undefined,
  { given, file }: { readonly given: PublicKey | undefined; readonly file: string | undefined },
): Promise<FoundKey> {
  const { keyFor } = await import("../../shown/product-key.ts");
  const givenAt = file === undefined ? undefined : `--key ${shownPath(file) ?? "FILE"}`;
  return keyFor({ ...seen, operation, profile, given, givenAt });
}
