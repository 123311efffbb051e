// `ocisign reject`: rejects a request, and says why.

import type { Signing } from "ocisign";
import { acting, inFull } from "../acting.ts";
import type { Decided } from "../batch/together.ts";
import { requestsWanted, togetherOptions } from "../batch/wanted.ts";
import { anyNumber, command } from "../command.ts";
import { checkAnswer } from "../denied.ts";
import { findRequestId, requestHelp } from "../find-request.ts";
import { rejectionComment } from "../options.ts";
import { exitCode, usage } from "../problem.ts";
import { answerText } from "../request-text.ts";
import * as sample from "../samples.ts";
import type { Session } from "../session.ts";
import { explainUnknown } from "../unexplained.ts";

export const reject = command({
  name: "reject",
  summary: "Reject a request, and say why.",
  argument: anyNumber("id", requestHelp),
  options: { ...togetherOptions, comment: rejectionComment },
  examples: [
    ["Say why, for the requester to read.", `ocisign reject ${sample.request} --comment "wrong branch"`],
  ],
  notes: "Several are shown first, and rejected after one question.",
  async run(session, { comment, ...given }, ids): Promise<Decided> {
    checkComment(comment);
    const { one, together } = await requestsWanted(session, ids, given);
    if (one !== undefined)
      return { one: await rejectRequest(session, await findRequestId(session, one), comment) };
    const { rejectTogether } = await import("../batch/together.ts");
    return { together: await rejectTogether(session, together, { ...given, comment }) };
  },
  text: (result, _output, session) => (result.one ? answerText(result.one, session) : undefined),
  json: (result) => result.one ?? result.together.document,
  beside: (result, session) => {
    if (result.one) explainUnknown(session, result.one);
  },
  exit: (result) => result.together?.exit ?? exitCode.done,
});

function checkComment(comment: string): void {
  if (comment.trim() === "") throw usage("--comment is empty.", "Say why: the requester has to know.");
}

export async function rejectRequest(session: Session, id: string, comment: string): Promise<Signing> {
  checkComment(comment);
  const { output, signal } = session;
  const client = await session.service();
  const rejected = await acting(session, "The rejection", () => client.reject(id, { comment, signal }));
  await checkAnswer("reject", "The rejection", rejected);
  output.note("Rejected.");
  return inFull(session, rejected);
}
