// Waiting for the end of a request, with what happens meanwhile on a line that lives.
import { writeDuration } from "./duration.js";
import { stateText } from "./request-text.js";
import { resumeWith } from "./resume.js";

/** @typedef {import("../../index.js").Signing} Signing */

/**
 * Waits until the request is final, or until the time is over: then it is returned as it was seen last.
 *
 * @param {import("./session.js").Session} session @param {Signing} known @param {{ timeout?: number }} options
 * @returns {Promise<Signing>}
 */
export async function waitFor(session, known, { timeout }) {
  const { id } = known;
  const { output, signal } = session;
  const client = await session.service();
  const limit = timeout === undefined ? [] : ["--timeout", writeDuration(timeout)];
  session.resume = resumeWith(session, ["status", id, "--wait", ...limit]);
  const until = timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeout;
  let seen = known;
  try {
    const end = await client.waitForSignature(id, {
      signal,
      timeoutMs: timeout,
      onStatus(signing) {
        seen = signing;
        output.progress(`${id}: ${stateText(signing)}`);
        if (signing.state === "unknown") explainUnknown(session, signing);
      },
    });
    session.resume = [];
    return end;
  } catch (/** @type {any} */ error) {
    // Whatever else went wrong, the request goes on, and the way back to it is told.
    if (error.code !== "timeout" || Date.now() < until) throw error;
    session.resume = [];
    return seen;
  } finally {
    output.settle();
  }
}

/**
 * Says of a request that is not final when the time is over how to go on.
 *
 * @param {import("./session.js").Session} session @param {Signing} signing @param {number | undefined} timeout
 */
export function explainNotFinal(session, { id, final }, timeout) {
  if (final || timeout === undefined) return;
  const [command] = resumeWith(session, ["status", id, "--wait"]);
  session.output.note(
    `Not final after ${writeDuration(timeout)}. The request goes on; wait again with:\n  ${command}`,
  );
}

/** Said once for a run. @type {WeakSet<object>} */
const explained = new WeakSet();

/**
 * Without a profile only 16 is known, and then a rejected request would be waited for without end.
 *
 * @param {import("./session.js").Session} session @param {Signing} signing
 */
export function explainUnknown(session, { code }) {
  if (explained.has(session)) return;
  explained.add(session);
  session.output.note(
    `What status ${code} means is not known here, neither success nor failure. --profile can say it; without it only 16, signed, is final.`,
  );
}
