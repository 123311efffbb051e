// `ocisign sign INDEX --recursive`: the index and all that it lists, as a list that the registry gives. What cosign signs
// with --recursive, and `verify --recursive` asks for: attestations that stand in the index, too.
import { registryOptions } from "../registry-options.ts";
import type { Session } from "../session.ts";
import { imageToSign } from "../tagged-image.ts";
import { type SignedList, type SignListOptions, signOpened } from "./sign-list.ts";
import { listOf } from "./spool.ts";
import { counted } from "./wrong-lines.ts";

interface SignIndexOptions extends Omit<SignListOptions, "named"> {
  /** Ask nothing on the terminal. */
  readonly yes: boolean;
}

export async function signIndex(
  session: Session,
  text: string,
  options: SignIndexOptions,
): Promise<SignedList> {
  const { describeImage } = await import("ocisign");
  const { output, signal, callTimeoutMs } = session;
  const image = await imageToSign(session, text, options.yes);
  const { canonical } = image;
  const registry = await registryOptions(session, image);
  output.progress(`reading what ${canonical} lists`);
  const description = await describeImage(canonical, {
    ...{ registry, signal, timeoutMs: callTimeoutMs },
    recursive: true,
  });
  output.settle();
  const { manifests = [], isIndex } = description;
  output.note(
    isIndex ? `${canonical} lists ${counted(manifests.length, "manifest")}.` : `${canonical} is no index.`,
  );
  const all = [canonical, ...manifests.map(({ reference }) => reference)];
  // The digest that was agreed to, whatever the tag names later.
  const named = [canonical, "--recursive"];
  return signOpened(session, await listOf(canonical, all, signal), { ...options, named });
}
