// The deliberate act for several requests: their count, and the end of the hash over what was shown.
import type { ShownBatch } from "ocisign";
import { counted } from "../bulk/wrong-lines.ts";
import { canAsk, isTyped, marked } from "../confirm.ts";
import { Problem, usage } from "../problem.ts";
import type { Session } from "../session.ts";
import type { Doing } from "./doing.ts";

/** @param confirm what was given on the command line; the library compares it with what was shown */
export async function confirmBatch(
  session: Session,
  shown: ShownBatch,
  confirm: string | undefined,
  { verb, done }: Doing,
): Promise<string> {
  const { output } = session;
  const { words, hash, requests } = shown;
  output.note(`${counted(requests.length, "request")}, with the hash\n${marked(hash, output)}`);
  if (confirm !== undefined) {
    if (confirm === words) return confirm;
    const what = `The requests that are shown are "${words}", and --confirm is "${confirm}".`;
    throw new Problem("changed", what, `Look at what is shown, and confirm that. Nothing was ${done}.`);
  }
  if (!canAsk()) {
    const fix = `Look at what is shown, and give --confirm "${words}" to ${verb} exactly that.`;
    throw usage(`There is no terminal to ask on, and nothing was ${done}.`, fix);
  }
  const question = `Type the number of requests, a space, and the last 8 characters of the hash to ${verb} them: `;
  const wrong = "That is not the number of requests and the end of the hash.";
  const isRight = (typed: string) => typed.replace(/\s+/g, " ").toLowerCase() === words;
  if (await isTyped(session, question, isRight, wrong)) return words;
  throw new Problem("not-confirmed", wrong, `Run the command again to ${verb} them. Nothing was ${done}.`);
}
