// Requests that wait already for images of a list: they are taken up, and not made again.
import { OcisignError } from "../../error.ts";
import { artifactOf } from "../../service/artifact.ts";
import type { SigningClient } from "../../service/client.ts";
import type { Signing } from "../../service/signing.ts";
import type { Calls } from "../calls.ts";
import { sideBySide } from "../side-by-side.ts";
import { isOf, isOfAnother, type Subject } from "../subject.ts";

export interface Asking {
  readonly client: SigningClient;
  readonly calls: Calls;
  readonly atOnce: number;
  readonly subject: Subject;
  /** Is the image in the list of the run? */
  readonly isWanted: (canonical: string) => Promise<boolean>;
}

/**
 * The requests that wait, by the canonical reference of their image. A code that the profile does not explain is none
 * that waits: nobody knows what it says.
 *
 * @param list all requests that the service shows
 */
export async function waitingAlready(
  list: readonly Signing[],
  asking: Asking,
): Promise<Map<string, Signing>> {
  const { client, calls, subject, atOnce } = asking;
  const waiting = new Map<string, Signing>();
  const take = async (signing: Signing) => {
    const artifact = artifactOf(signing);
    if (artifact.state !== "image" || !isOf(signing, subject)) return;
    const { canonical } = artifact.reference;
    if (!waiting.has(canonical) && (await asking.isWanted(canonical))) waiting.set(canonical, signing);
  };
  const short: string[] = [];
  for (const signing of list) {
    if (signing.final || signing.state === "unknown" || isOfAnother(signing, subject)) continue;
    // A list may leave parts of its requests out.
    if (artifactOf(signing).state === "none" || !isOf(signing, subject)) short.push(signing.id);
    else await take(signing);
  }
  await sideBySide(short, atOnce, async (id) => {
    try {
      await take(await calls.read((signal) => client.signing(id, { signal })));
    } catch (error) {
      // What cannot be read is not taken up.
      if (!(error instanceof OcisignError) || error.code === "aborted") throw error;
    }
  });
  return waiting;
}
