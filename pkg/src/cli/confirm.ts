// Approving needs open eyes: an approver has seen the digest, and proves it.
import { createInterface } from "node:readline/promises";
import type { ImageReference } from "ocisign";
import type { Output } from "./output.ts";
import { Problem, usage } from "./problem.ts";
import type { Session } from "./session.ts";

export interface Consent {
  readonly yes: boolean;
  readonly digest: string | undefined;
}

/** Without this, a part of a digest, or one in capitals, would only be called another digest. */
export async function checkDigest(digest: string | undefined): Promise<void> {
  if (digest === undefined) return;
  const { parseReference } = await import("ocisign");
  try {
    // The core knows what a digest is, as a part of a reference.
    if (parseReference(`registry.example/any@${digest}`).digest === digest) return;
  } catch {
    // Said below, in words of the option.
  }
  const fix = "Write the whole digest in lower case: sha256: and 64 hexadecimal digits.";
  throw usage("--digest is not a digest.", fix);
}

/** Compares the digest that was given, or asks for its end on the terminal. Throws unless the approver agrees. */
export async function confirmDigest(
  session: Session,
  image: ImageReference,
  { yes, digest: expected }: Consent,
): Promise<void> {
  const { digest } = image;
  if (expected !== undefined) {
    if (expected === digest) return;
    const what = `The request is for another digest, ${digest}.`;
    throw new Problem("changed", what, "Check which image you mean. Nothing was approved.");
  }
  if (yes) return;
  if (!canAsk()) {
    const fix =
      "Give --digest with the digest that you approve, or --yes to approve any request that is shown.";
    throw usage("There is no terminal to ask on, and nothing was approved.", fix);
  }
  await askForEnd(session, image);
}

/** Will a person be asked on the terminal? */
export function asks({ yes, digest }: Consent): boolean {
  return !yes && digest === undefined && canAsk();
}

/** Is somebody there to ask? */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** So many times it is asked: a typing mistake is no decision. */
const tries = 3;
const endLength = 8;

/** The image is named once more: a long description has moved it out of sight. */
async function askForEnd(session: Session, { canonical, digest }: ImageReference): Promise<void> {
  const end = digest.slice(-endLength);
  session.output.note(canonical.slice(0, -digest.length));
  session.output.note(marked(digest, session.output));
  const isRight = (typed: string) => typed.toLowerCase() === end;
  const question = `Type the last ${endLength} characters of the digest to approve: `;
  if (await isTyped(session, question, isRight, "That is not the end of the digest.")) return;
  const fix = "Run the command again to approve it. Nothing was approved.";
  throw new Problem("not-confirmed", "That is not the end of the digest.", fix);
}

/** Asks on the terminal until the right text is typed, or the person gives up. */
export async function isTyped(
  { output, signal }: Session,
  question: string,
  isRight: (typed: string) => boolean,
  wrong: string,
): Promise<boolean> {
  // Without its own handling of keys, so that Ctrl-C stays a signal. One for all tries: it may have read on.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
    for (let left = tries; left > 0; left -= 1) {
      const typed = (await Promise.race([lines.question(question, { signal }), closed])).trim();
      if (isRight(typed)) return true;
      // Who types nothing, or ends the input, does not mistype.
      if (typed === "") break;
      if (left > 1) output.note(`${wrong} Try again, or press Enter to stop.`);
    }
  } finally {
    lines.close();
  }
  return false;
}

/** A digest or a hash with its end marked, also where there are no colours. */
export function marked(digest: string, output: Output): string {
  const [start, end] = [digest.slice(0, -endLength), digest.slice(-endLength)];
  return `${start}${output.paintNote("strong", end)}\n${" ".repeat(start.length)}${"^".repeat(endLength)}`;
}
