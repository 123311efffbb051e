// Journals of the parts of a list, as one summary and as reports. Each is read twice: of an image the last record
// counts, and which one that is, the first reading finds out.
import type { JournalHead, JournalOutcome } from "../../bulk/sign/journal.ts";
import { visible } from "../../shown/visible.ts";
import type { ReportEntry } from "../report/entry.ts";
import { openReports, type Reports, reported } from "../report/open.ts";
import type { Session } from "../session.ts";
import { checkApart, checkSameRun } from "./journals-together.ts";
import { skippedReason } from "./outcome-entry.ts";
import { fallsShort, Shortfall } from "./shortfall.ts";
import { type Survey, surveyed } from "./survey.ts";
import { Tally } from "./tally.ts";

/** What came of all of them. */
export interface MergedRuns {
  readonly summary: string;
  readonly document: object;
  readonly exit: number;
}

export async function mergeJournals(
  { output }: Session,
  paths: readonly string[],
  reportFiles: readonly string[],
): Promise<MergedRuns> {
  const surveys: Survey[] = [];
  for (const path of paths) surveys.push(await surveyed(path));
  checkSameRun(surveys);
  await checkApart(surveys);
  const reports = openReports(reportFiles, paths);
  const merging = new Merging(reports, output.isJson);
  await reported(reports, async () => {
    for (const survey of surveys) await merging.add(survey);
  });
  return merging.result(surveys.map(({ head }) => head));
}

class Merging {
  readonly #reports: Reports;
  readonly #tally = new Tally();
  readonly #shortfall = new Shortfall("Not signed:");
  /** For the document. */
  readonly #notSigned: ReportEntry[] = [];
  /** Of runs that have not ended. */
  readonly #open: string[] = [];
  readonly #isJson: boolean;
  #index = 0;

  constructor(reports: Reports, isJson: boolean) {
    this.#reports = reports;
    this.#isJson = isJson;
  }

  async add(survey: Survey): Promise<void> {
    for await (const record of survey.last()) this.#outcome(record);
    for (let count = 0; count < survey.unsettled; count += 1) {
      this.#tally.add({ state: "doubtful", isRequested: false });
    }
    if (survey.unsettled > 0) this.#open.push(openText(survey));
    this.#tally.untried += survey.untried;
  }

  #outcome(record: JournalOutcome): void {
    const { reference, state, id, error, why } = record;
    const reason = state === "skipped" ? skippedReason(why, undefined) : undefined;
    this.#tally.add({ state, why, isRequested: id !== undefined });
    this.#tell({ index: this.#index, reference, state, id, error, reason });
  }

  #tell(entry: ReportEntry): void {
    this.#index += 1;
    this.#reports.add(entry);
    if (!fallsShort(entry, { waits: true })) return;
    this.#shortfall.note(entry);
    if (this.#isJson) this.#notSigned.push(entry);
  }

  result(heads: readonly JournalHead[]): MergedRuns {
    const [first] = heads;
    const { service, productId, operationId } = first ?? {};
    const batches = [...new Set(heads.map(({ batch }) => batch))];
    const exit = this.#tally.exit(true);
    return {
      summary: [this.#shortfall.text, ...this.#open, this.#tally.text].filter(Boolean).join("\n"),
      document: {
        service,
        productId,
        operationId,
        batches,
        counts: this.#tally.counts,
        notSigned: this.#notSigned,
      },
      exit,
    };
  }
}

/** A journal does not name what is under way: only its places in the list. */
function openText({ path, unsettled }: Survey): string {
  const are = unsettled === 1 ? "image was" : "images were";
  return `${visible(path)}: ${unsettled} ${are} under way when this was written. After a stop, run the same command again.`;
}
