// `ocisign status`: how a request stands, or its end.
import { passes } from "../../service/passing.ts";
import { command, required } from "../command.ts";
import { checkWait, waitOptions } from "../options.ts";
import { exitFor, requestText } from "../request-text.ts";
import * as sample from "../samples.ts";
import { explainUnknown } from "../unexplained.ts";
import { explainNotFinal, waitFor } from "../wait.ts";

function unlessItPasses(error: unknown): undefined {
  if (passes(error) === "no") throw error;
}

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
    const first = client.signing(id, { signal: session.signal });
    if (!wait) return { signing: await first, timeout };
    // However short the time is, there is one whole look. In an outage, the wait looks again.
    const known = await first.catch(unlessItPasses);
    return { signing: await waitFor(session, id, known, timeout), timeout };
  },
  text: ({ signing }, output) => requestText(signing, output),
  json: ({ signing }) => signing,
  beside({ signing, timeout }, session) {
    explainUnknown(session, signing);
    explainNotFinal(session, signing, timeout);
  },
  exit: ({ signing }) => exitFor(signing),
});
