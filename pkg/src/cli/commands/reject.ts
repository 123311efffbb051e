// `ocisign reject`: rejects a request, and says why.

import type { Signing } from "ocisign";
import { acting, inFull } from "../acting.ts";
import { command, required } from "../command.ts";
import { findRequestId, requestHelp } from "../find-request.ts";
import { rejectionComment } from "../options.ts";
import { usage } from "../problem.ts";
import { answerText } from "../request-text.ts";
import * as sample from "../samples.ts";
import type { Session } from "../session.ts";
import { explainUnknown } from "../unexplained.ts";

export const reject = command({
  name: "reject",
  summary: "Reject a request, and say why.",
  argument: required("id", requestHelp),
  options: { comment: rejectionComment },
  examples: [
    ["Say why, for the requester to read.", `ocisign reject ${sample.request} --comment "wrong branch"`],
  ],
  run: async (session, { comment }, given) =>
    rejectRequest(session, await findRequestId(session, given), comment),
  text: (signing, _output, session) => answerText(signing, session),
  beside: (signing, session) => explainUnknown(session, signing),
});

export async function rejectRequest(session: Session, id: string, comment: string): Promise<Signing> {
  if (comment.trim() === "") throw usage("--comment is empty.", "Say why: the requester has to know.");
  const { output, signal } = session;
  const client = await session.service();
  const rejected = await acting(session, "The rejection", () => client.reject(id, { comment, signal }));
  output.note("Rejected.");
  return inFull(session, rejected);
}
