// Waits for the end of a request, and shows on a live line how it stands meanwhile.

import type { Outage, Signing } from "ocisign";
import { visible } from "../shown/visible.ts";
import { writeDuration } from "./duration.ts";
import { libraryError } from "./library-error.ts";
import { Problem } from "./problem.ts";
import { stateText } from "./request-text.ts";
import { resumeText, resumeWith } from "./resume.ts";
import type { Session } from "./session.ts";
import { explainEnds, explainUnknown } from "./unexplained.ts";

/**
 * Waits until the request is final, or until the time is over: then it returns the request as it was seen last.
 *
 * @param known the request as it was read before, if it was
 * @param again the words of the command that goes on where this one was interrupted
 */
export async function waitFor(
  session: Session,
  id: string,
  known: Signing | undefined,
  timeoutMs: number | undefined,
  again: readonly string[] = ["status", id, "--wait"],
): Promise<Signing> {
  const { output, signal } = session;
  const client = await session.service();
  const limit = timeoutMs === undefined ? [] : ["--timeout", writeDuration(timeoutMs)];
  session.resume = resumeWith(session, [...again, ...limit]);
  explainEnds(session, client.profile);
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
      onOutage: (outage) => tellOutage(session, id, outage),
    });
    session.resume = undefined;
    return end;
  } catch (error) {
    const refused = libraryError(error);
    if (refused?.code === "timeout") {
      if (!seen) throw unread(refused.message, error);
      session.resume = undefined;
      return seen;
    }
    // After any other error the request continues, and the user is told the way back to it.
    throw error;
  } finally {
    output.settle();
  }
}

function unread(message: string, cause: unknown): Problem {
  return new Problem("timeout", message, "Wait again later: nothing is lost.", { cause });
}

/** Why the last look of a run's wait failed, as long as the outage lasts. */
const outages = new WeakMap<Session, Outage>();

/** Says once when an outage begins, and once when it ends: what failed says nothing about the request. */
function tellOutage(session: Session, id: string, outage: Outage): void {
  const { error, since, attempts, over } = outage;
  const name = visible(id);
  if (over) {
    outages.delete(session);
    const seconds = Math.max(1, Math.round((Date.now() - since.getTime()) / 1000));
    session.output.note(`${name}: the status can be read again, after ${seconds}s.`);
    return;
  }
  outages.set(session, outage);
  if (attempts > 1) return;
  session.output.note(`${name}: the status cannot be read, and the wait goes on. ${visible(error.message)}`);
}

/** Says how to go on with a request that is not final when the time is over. */
export function explainNotFinal(
  session: Session,
  { id, code, final }: Signing,
  timeoutMs: number | undefined,
  words: readonly string[] = ["status", id, "--wait"],
): void {
  if (final || timeoutMs === undefined) return;
  const outage = outages.get(session);
  const time = writeDuration(timeoutMs);
  const failed = outage
    ? ` The last known status is ${code}; since ${outage.since.toISOString()}, it could not be read. ${visible(outage.error.message)}`
    : "";
  const again = resumeText(resumeWith(session, words));
  session.output.note(`Not final after ${time}.${failed} The request continues; wait again with:\n${again}`);
}
