// `ocisign withdraw`: shows one's own request, asks, and takes it back.

import type { Signing } from "ocisign";
import { acting, inFull } from "../acting.ts";
import { command, required } from "../command.ts";
import { canAsk, isTyped } from "../confirm.ts";
import { checkAnswer } from "../denied.ts";
import { findRequestId, requestHelp } from "../find-request.ts";
import { flag, text } from "../options.ts";
import { Problem, usage } from "../problem.ts";
import { productRows, readProduct } from "../product-rows.ts";
import { answerText, decisionText, seeRequest, viewed } from "../request-text.ts";
import * as sample from "../samples.ts";
import type { Session } from "../session.ts";
import { explainUnknown } from "../unexplained.ts";

export const withdraw = command({
  name: "withdraw",
  summary: "Take back a request of your own.",
  argument: required("id", requestHelp),
  options: {
    yes: flag("-y, --yes", "withdraw it without asking; it is still shown"),
    comment: text("--comment <text>", "why you withdraw it, for the records"),
  },
  examples: [
    ["In a script: do not ask.", `ocisign withdraw ${sample.request} --yes --comment "wrong image"`],
  ],
  notes: "It needs the route `withdraw` in the profile.\nWithout one, ask an approver to reject it.",
  async run(session, { comment, yes }, given) {
    const client = await session.service();
    checkRoute(client.profile.routes.withdraw);
    if (!yes && !canAsk()) {
      throw usage("There is no terminal to ask on, and nothing was withdrawn.", "Give --yes to withdraw it.");
    }
    const { output, signal } = session;
    const shown = await client.signing(await findRequestId(session, given), { signal });
    await show(session, shown);
    if (!yes) await agree(session);
    const withdrawn = await acting(session, "The withdrawal", () =>
      client.withdraw(shown.id, { comment, expect: shown, signal }),
    );
    await checkAnswer("reject", "The withdrawal", withdrawn);
    output.note("Withdrawn.");
    return inFull(session, withdrawn);
  },
  text: (signing, _output, session) => answerText(signing, session),
  beside: (signing, session) => explainUnknown(session, signing),
});

/** Said before anything is read, and before anybody is asked. */
function checkRoute(route: unknown): void {
  if (route !== undefined) return;
  throw usage("The profile has no route to withdraw.", "Ask an approver to reject it.");
}

async function show(session: Session, shown: Signing): Promise<void> {
  await seeRequest(shown, session);
  const request = await viewed(shown);
  const product = await readProduct(session, shown);
  const rows = await productRows(request, product, {});
  session.output.note(`The request:\n${await decisionText(request, rows, session)}\n`);
}

async function agree(session: Session): Promise<void> {
  const isYes = (typed: string) => /^y(es)?$/i.test(typed);
  if (await isTyped(session, "Withdraw this request? Type yes: ", isYes, "That is not yes.")) return;
  const fix = "Run the command again to withdraw it. Nothing was withdrawn.";
  throw new Problem("not-confirmed", "You did not agree to the withdrawal.", fix);
}
