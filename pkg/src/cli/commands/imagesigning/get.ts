// `ocisign imagesigning get`: how a request stands.
import { command } from "../../command.ts";
import { idOption } from "../../options.ts";
import { exitFor, requestText } from "../../request-text.ts";
import * as sample from "../../samples.ts";
import { explainUnknown } from "../../unexplained.ts";

export const get = command({
  name: "get",
  summary: "Show how a request stands.",
  options: { id: idOption },
  examples: [
    ["As the reference client is called.", `ocisign -c -t $TOKEN imagesigning get -I ${sample.request}`],
  ],
  notes: "Exit codes: 0 signed, 3 not final, 4 rejected or failed.",
  async run(session, { id }) {
    const client = await session.service();
    return client.signing(id, { signal: session.signal });
  },
  text: (signing, _output, session) => requestText(signing, session),
  beside: (signing, session) => explainUnknown(session, signing),
  exit: exitFor,
});
