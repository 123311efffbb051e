// `ocisign status`: how a request stands, or its end.
import { command, required } from "../command.ts";
import { checkWait, waitOptions } from "../options.ts";
import { exitFor, requestText } from "../request-text.ts";
import * as sample from "../samples.ts";
import { explainNotFinal, explainUnknown, waitFor } from "../wait.ts";

export const status = command({
  name: "status",
  summary: "Show how a request stands, or wait for its end.",
  argument: required("id", "the request's id"),
  options: waitOptions,
  examples: [
    ["Show how a request stands.", `ocisign status ${sample.request}`],
    ["Wait for its end, half an hour at most.", `ocisign status ${sample.request} --wait --timeout 30m`],
  ],
  notes: "Exit codes: 0 signed, 3 not final, 4 rejected or failed.",
  async run(session, { wait, timeout }, id) {
    checkWait({ waits: wait, timeout });
    const client = await session.service();
    const first = await client.signing(id, { signal: session.signal });
    const signing = wait ? await waitFor(session, first, timeout) : first;
    return { signing, timeout };
  },
  text: ({ signing }, _output, session) => requestText(signing, session),
  json: ({ signing }) => signing,
  beside({ signing, timeout }, session) {
    explainUnknown(session, signing);
    explainNotFinal(session, signing, timeout);
  },
  exit: ({ signing }) => exitFor(signing),
});
