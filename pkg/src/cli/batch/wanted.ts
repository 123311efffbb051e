// Which requests are decided together: those of a batch, some by their ids, or those of a list of ids.
import type { BatchWanted } from "ocisign";
import { batchPattern } from "../../bulk/batch-mark.ts";
import { foldedId } from "../../service/same-id.ts";
import { listOptions } from "../bulk/options.ts";
import { counted } from "../bulk/wrong-lines.ts";
import { findRequestIds } from "../find-request.ts";
import { readStdin, readText } from "../input.ts";
import { count, text, texts } from "../options.ts";
import { Problem, usage } from "../problem.ts";
import type { Session } from "../session.ts";
import { shownPath } from "../withheld.ts";

/** How a run over several requests goes on, which `ocisign help lists` explains. */
export const paceOptions = {
  concurrency: count("--concurrency <count>", "so many requests at the same time (default: 4)"),
  settle: listOptions.settle,
  patience: listOptions.patience,
};

/** What approving and rejecting several requests take. */
export const togetherOptions = {
  batch: text("--batch <id>", "all requests that carry this batch id, together"),
  fromFile: text("--from-file <file>", "those of a list of ids, together; - is standard input"),
  confirm: text("--confirm <words>", "of several: their count and the end of their hash"),
  report: texts("--report <file>", "of several: the outcomes, as .jsonl, .xml or .csv"),
  ...paceOptions,
};

export interface TogetherGiven {
  readonly batch: string | undefined;
  readonly fromFile: string | undefined;
  readonly confirm: string | undefined;
  readonly report: readonly string[] | undefined;
  readonly concurrency: number | undefined;
  readonly settle: number | undefined;
  readonly patience: number | undefined;
}

/** One request by itself, by an id as it was given; or several together. */
export type Wanted =
  | { readonly one: string; readonly together?: undefined }
  | { readonly one?: undefined; readonly together: BatchWanted };

/** Everything that was given is checked before the service is asked. */
export async function requestsWanted(
  session: Session,
  ids: readonly string[],
  { batch, fromFile, ...given }: TogetherGiven,
): Promise<Wanted> {
  const [one] = ids;
  const ways = [
    one !== undefined && "ID",
    batch !== undefined && "--batch",
    fromFile !== undefined && "--from-file",
  ];
  const [first, second] = ways.filter((way) => way !== false);
  if (first === undefined) {
    throw usage("No request is given.", "Name one or more by their ids, or give --batch or --from-file.");
  }
  if (second !== undefined)
    throw usage(`${first} and ${second} exclude each other.`, "Leave one of them out.");
  if (one !== undefined && ids.length === 1) {
    const foreign = (["confirm", "report", "concurrency", "settle", "patience"] as const).find(
      (name) => given[name] !== undefined,
    );
    if (foreign) throw usage(`--${foreign} is for several requests.`, "Leave it out, or name more requests.");
    return { one };
  }
  checkConfirm(given.confirm);
  if (batch !== undefined) return { together: { batch: checkBatch(batch) } };
  const listed = fromFile === undefined ? ids : await idsIn(fromFile);
  return { together: { ids: eachOnce(session, await findRequestIds(session, listed)) } };
}

function checkConfirm(confirm: string | undefined): void {
  if (confirm === undefined || /^\d+ [0-9a-f]{8}$/.test(confirm)) return;
  throw usage(
    "--confirm is not a count and the last 8 characters of a hash.",
    'Run the command without it to see both, and give them as in --confirm "20 1a2b3c4d".',
  );
}

/** A batch id that was given. */
export function checkBatch(batch: string): string {
  if (batchPattern.test(batch)) return batch;
  const fix = "Copy it from what began the run: up to 64 letters, digits, dots, underscores and hyphens.";
  throw usage("--batch is not a batch id.", fix);
}

/** The ids of a list, one a line; `#` begins a comment. */
async function idsIn(file: string): Promise<string[]> {
  const isStdin = file === "-";
  const name = isStdin ? "standard input" : (shownPath(file) ?? "the file");
  const text = isStdin ? await readStdin("--from-file -") : readText(file, "--from-file");
  const lines = text.split(/\r?\n|\r/).map((line, at) => ({ line: at + 1, id: line.trim() }));
  const entries = lines.filter(({ id }) => id !== "" && !id.startsWith("#"));
  // What stands there is not repeated: it could be a secret.
  const wrong = entries.filter(({ id }) => !/^[!-~]{1,200}$/.test(id));
  const [first] = wrong;
  if (first) {
    const what = `${counted(wrong.length, "line")} of ${name} ${wrong.length === 1 ? "is" : "are"} no id, the first is line ${first.line}.`;
    const details = {
      lines: wrong.map(({ line }) => ({ line, code: "bad-input", message: "This is no id." })),
    };
    throw new Problem(
      "bad-file",
      what,
      "Write one id a line, and nothing else. Nothing was decided.",
      details,
    );
  }
  if (entries.length > 0) return entries.map(({ id }) => id);
  throw new Problem("bad-file", `${name} names no request.`, "Write one id a line; # begins a comment.");
}

function eachOnce({ output }: Session, ids: readonly string[]): string[] {
  const once = [...new Map(ids.map((id) => [foldedId(id), id])).values()];
  const repeated = ids.length - once.length;
  if (repeated > 0)
    output.note(`${counted(repeated, "id")} ${repeated === 1 ? "is" : "are"} named again; each counts once.`);
  return once;
}
