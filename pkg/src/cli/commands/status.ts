// `ocisign status`: how a request stands, or its end.
import { passes } from "../../service/passing.ts";
import { command, required } from "../command.ts";
import { findRequestId, requestHelp } from "../find-request.ts";
import { checkWait, flag, waitOptions } from "../options.ts";
import { openedText, openPage } from "../page.ts";
import { exitCode } from "../problem.ts";
import { exitFor, requestText } from "../request-text.ts";
import * as sample from "../samples.ts";
import * as settings from "../settings.ts";
import { explainUnknown } from "../unexplained.ts";
import { explainNotFinal, waitFor } from "../wait.ts";

function unlessItPasses(error: unknown): undefined {
  if (passes(error) === "no") throw error;
}

export const status = command({
  name: "status",
  summary: "Show how a request stands, or wait for its end.",
  argument: required("id", requestHelp),
  options: {
    ...waitOptions,
    web: flag("--web", "open the request in the browser", { conflicts: ["wait", "timeout"] }),
  },
  settings: settings.page,
  examples: [
    ["Show how a request stands.", `ocisign status ${sample.request}`],
    ["Wait for its end, half an hour at most.", `ocisign status ${sample.request} --wait --timeout 30m`],
  ],
  notes: "Exit codes: 0 signed, 3 not final, 4 rejected or failed.",
  async run(session, { wait, timeout, web }, given) {
    checkWait({ waits: wait, timeout });
    const id = await findRequestId(session, given);
    if (web) return openPage(session, `#/requests/${encodeURIComponent(id)}`);
    const client = await session.service();
    const first = client.signing(id, { signal: session.signal });
    if (!wait) return { signing: await first, timeout };
    // However short the time is, there is one whole look. In an outage, the wait looks again.
    const known = await first.catch(unlessItPasses);
    return { signing: await waitFor(session, id, known, timeout), timeout };
  },
  text: (result, _output, session) =>
    "url" in result ? openedText(result) : requestText(result.signing, session),
  json: (result) => ("url" in result ? result : result.signing),
  beside(result, session) {
    if ("url" in result) return;
    const { signing, timeout } = result;
    explainUnknown(session, signing);
    explainNotFinal(session, signing, timeout);
  },
  exit: (result) => ("url" in result ? exitCode.done : exitFor(result.signing)),
});
