// The service's answer to a decision may show the opposite: then nobody is told that it was done.
import type { Signing } from "ocisign";
import { Problem } from "./problem.ts";
import { stateText } from "./request-text.ts";

/** @param what such as `The approval` */
export async function checkAnswer(
  decision: "approve" | "reject",
  what: string,
  answer: Signing,
): Promise<Signing> {
  const { isDenied } = await import("../shown/denied.ts");
  if (!isDenied(decision, answer)) return answer;
  const message = `${what} was accepted, but the service shows the request as ${stateText(answer)}.`;
  throw new Problem("bad-reply", message, "Look at it with `ocisign status ID` before you decide again.");
}
