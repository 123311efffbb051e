// Waits for the end of a request, and shows on a live line how it stands meanwhile.

import type { Signing } from "ocisign";
import { writeDuration } from "./duration.ts";
import { libraryError } from "./library-error.ts";
import { stateText } from "./request-text.ts";
import { resumeText, resumeWith } from "./resume.ts";
import type { Session } from "./session.ts";

/** Waits until the request is final, or until the time is over: then it returns the request as it was seen last. */
export async function waitFor(
  session: Session,
  known: Signing,
  timeoutMs: number | undefined,
): Promise<Signing> {
  const { id } = known;
  const { output, signal } = session;
  const client = await session.service();
  const limit = timeoutMs === undefined ? [] : ["--timeout", writeDuration(timeoutMs)];
  session.resume = resumeWith(session, ["status", id, "--wait", ...limit]);
  const until = Date.now() + (timeoutMs ?? Number.POSITIVE_INFINITY);
  let seen = known;
  try {
    const end = await client.waitForSignature(id, {
      signal,
      timeoutMs,
      onStatus(signing) {
        seen = signing;
        output.progress(`${id}: ${stateText(signing)}`);
        explainUnknown(session, signing);
      },
    });
    session.resume = undefined;
    return end;
  } catch (error) {
    // After any other error the request continues, and the user is told the way back to it.
    if (libraryError(error)?.code !== "timeout" || Date.now() < until) throw error;
    session.resume = undefined;
    return seen;
  } finally {
    output.settle();
  }
}

/** Says how to go on with a request that is not final when the time is over. */
export function explainNotFinal(
  session: Session,
  { id, final }: Signing,
  timeoutMs: number | undefined,
): void {
  if (final || timeoutMs === undefined) return;
  const time = writeDuration(timeoutMs);
  const again = resumeText(resumeWith(session, ["status", id, "--wait"]));
  session.output.note(`Not final after ${time}. The request continues; wait again with:\n${again}`);
}

/** The runs that were told already. */
const explained = new WeakSet<Session>();

/** Without a profile only 16 is known, and a wait for a request that was rejected would never end. */
export function explainUnknown(session: Session, { state, code }: Signing): void {
  if (state !== "unknown" || explained.has(session)) return;
  explained.add(session);
  session.output.note(
    `Status ${code} is unknown, so it counts as neither success nor failure. ` +
      "Describe it with --profile; by default only 16 (signed) is final.",
  );
}
