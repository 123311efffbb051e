// `ocisign status ID`, and the reference's `imagesigning get`: how a request stands.
import { usage } from "../problem.js";
import { exitFor, requestLines, toneOf } from "../request-text.js";
import { explainNotFinal, explainUnknown, waitFor } from "../wait.js";

/** @param {import("../session.js").Session} session @param {{ wait?: boolean, timeout?: number }} options @param {string} id */
export async function status(session, options, id) {
  if (options.timeout !== undefined && !options.wait) {
    throw usage("--timeout needs --wait.", "Add --wait, or leave --timeout out.");
  }
  const { output, signal } = session;
  const client = await session.service();
  const first = await client.signing(id, { signal });
  const signing = options.wait ? await waitFor(session, first, options) : first;
  output.print(requestLines(signing, (state) => output.paint(toneOf(signing.state), state)));
  output.answer(signing);
  if (signing.state === "unknown") explainUnknown(session, signing);
  explainNotFinal(session, signing, options.timeout);
  return exitFor(signing);
}

/** @param {import("../session.js").Session} session @param {any} options */
export async function get(session, { id }) {
  return status(session, {}, id);
}
