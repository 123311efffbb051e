// Tells what came of a run in every file that was named, however it ended: outputs, summary and reports.
import type { ImageReference, Signing } from "ocisign";
import { explain } from "../failure.ts";
import type { ReportEntry } from "../report/entry.ts";
import { openReports, type Reports, reported } from "../report/open.ts";
import type { Session } from "../session.ts";
import { entryOf, failedEntry, stateOf, toldOf } from "./outcome.ts";
import type { Ensured } from "./run.ts";
import type { Told } from "./summary.ts";
import { checkTold, type ToldFiles, tellOutputs, tellSummary } from "./told.ts";

export class Teller {
  readonly #session: Session;
  readonly #image: ImageReference;
  readonly #files: ToldFiles;
  readonly #reports: Reports;
  #id: string | undefined;

  constructor(
    session: Session,
    image: ImageReference,
    files: ToldFiles & { readonly report: readonly string[] | undefined },
  ) {
    this.#session = session;
    this.#image = image;
    this.#files = files;
    checkTold(files);
    this.#reports = openReports(files.report ?? [], [files.outputs, files.summary]);
  }

  /** A later kill must not take away which request it is. */
  requested(signing: Signing): void {
    this.#id = signing.id;
    tellOutputs(this.#files, this.#image, {
      state: stateOf({ image: this.#image, signing }),
      id: signing.id,
    });
  }

  async telling<T extends Ensured>(run: () => Promise<T>): Promise<T> {
    try {
      const result = await run();
      const told = toldOf(result);
      await this.#tell(told, entryOf(result, told));
      return result;
    } catch (error) {
      // After Ctrl-C or a polite kill, what was told last holds: the request continues.
      if (!this.#session.signal.aborted) {
        const failure = explain(error, this.#session);
        const told = { state: "error", id: this.#id, reason: failure.message, next: failure.fix };
        await this.#tell(told, failedEntry(this.#image, this.#id, failure));
      }
      throw error;
    }
  }

  async #tell(told: Told, entry: ReportEntry): Promise<void> {
    tellOutputs(this.#files, this.#image, told);
    tellSummary(this.#files, this.#image, told);
    await reported(this.#reports, async () => this.#reports.add(entry));
  }
}
