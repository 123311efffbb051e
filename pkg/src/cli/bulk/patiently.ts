// What a run over a list reads before it begins: the product, its key, a profile. It goes on through an outage for as long
// as the run itself would.
import { fieldOf } from "../../foreign.ts";
import { pause } from "../../http/deadline.ts";
import { Outage } from "../../http/outage.ts";
import { passes } from "../../service/passing.ts";
import { visible } from "../../shown/visible.ts";
import { withoutSecrets } from "../secrets.ts";
import type { Session } from "../session.ts";

/** As the library waits. */
export const usualPatienceMs = 15 * 60_000;
const firstPauseMs = 500;
const longestPauseMs = 30_000;
/** How often a stranger may answer where the service was never seen: its address may be a wrong one. */
const mostStrangers = 4;

/**
 * Reads, and again while what failed passes by itself.
 *
 * @param patienceMs how long an outage may last
 * @throws what does not pass, or has lasted too long
 */
export async function patiently<T>(
  session: Session,
  read: () => Promise<T>,
  patienceMs = usualPatienceMs,
): Promise<T> {
  const { output, signal } = session;
  const outage = new Outage();
  for (let tries = 0, strangers = 0; ; tries += 1) {
    const began = performance.now();
    try {
      const value = await read();
      if (tries > 0) output.note("The service answers again, and the run begins.");
      return value;
    } catch (error) {
      const how = passes(error);
      if (how === "strange") strangers += 1;
      outage.failed({ began });
      const isOver = strangers === mostStrangers || outage.ms >= patienceMs;
      if (signal.aborted || how === "no" || isOver) throw error;
      if (tries === 0) tellWaiting(output, error);
    }
    const longest = Math.min(firstPauseMs * 2 ** tries, longestPauseMs, patienceMs);
    await pause(longest * (0.5 + Math.random() / 2), signal);
  }
}

/** Says once that nothing goes on, and why. */
export function tellWaiting(output: Session["output"], error: unknown): void {
  const said = String(fieldOf(error, "message"));
  output.settle();
  output.note(`The run waits for the service. ${visible(withoutSecrets(said))}`);
}
