// `ocisign imagesigning reject`: rejects a request, as the reference client does.
import { command } from "../../command.ts";
import { idOption, rejectionComment } from "../../options.ts";
import { answerText } from "../../request-text.ts";
import * as sample from "../../samples.ts";
import { explainUnknown } from "../../unexplained.ts";
import { rejectRequest } from "../reject.ts";

export const rejectById = command({
  name: "reject",
  summary: "Reject a request, and say why.",
  options: { id: idOption, comment: rejectionComment },
  examples: [
    [
      "Say why: the service requires it.",
      `ocisign -t $APPROVERTOKEN imagesigning reject -I ${sample.request} --comment "no"`,
    ],
  ],
  run: (session, { id, comment }) => rejectRequest(session, id, comment),
  text: (signing, _output, session) => answerText(signing, session),
  beside: (signing, session) => explainUnknown(session, signing),
});
