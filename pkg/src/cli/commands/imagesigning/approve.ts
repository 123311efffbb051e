// `ocisign imagesigning approve`: as the reference client does it, without a question, but not without a look.
import { command } from "../../command.ts";
import { approvalComment, idOption } from "../../options.ts";
import { answerText } from "../../request-text.ts";
import * as sample from "../../samples.ts";
import { explainUnknown } from "../../unexplained.ts";
import { approveShown } from "../approve.ts";

export const approveById = command({
  name: "approve",
  summary: "Show a request, and approve it without asking.",
  options: { id: idOption, comment: approvalComment },
  examples: [
    [
      "As the reference client is called.",
      `ocisign -c -t $APPROVERTOKEN imagesigning approve -I ${sample.request}`,
    ],
  ],
  run: (session, { id, comment }) => approveShown(session, id, comment, { yes: true, digest: undefined }),
  text: (signing, _output, session) => answerText(signing, session),
  beside: (signing, session) => explainUnknown(session, signing),
});
