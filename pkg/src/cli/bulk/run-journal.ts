// The journal of a run of the command line: in a file if one was named. Each request's id passes here as soon as it
// exists, and so does the batch id.
import type { Journal, JournalHead, JournalOutcome, JournalRecord } from "../../bulk/sign/journal.ts";
import type { OpenJournal } from "../../journal/index.ts";
import { keepSecret, withoutSecrets } from "../secrets.ts";
import { shownPath, shownReference, withheld } from "../withheld.ts";
import type { ImageList } from "./image-list.ts";

/** Opens the file that was named. */
export async function openFile(path: string): Promise<OpenJournal> {
  const { openJournal } = await import("../../journal/index.ts");
  return openJournal(path).catch((error: unknown) => {
    throw withheldPath(path, error);
  });
}

/** What was given in the place of a file may be a secret: unless it surely is a path, no message says it. */
export function withheldPath(path: string, error: unknown): unknown {
  if (shownPath(path) === undefined) keepSecret(path);
  return error;
}

export class RunJournal implements Journal {
  readonly #file: OpenJournal | undefined;
  readonly #list: Pick<ImageList, "isWrong">;
  readonly #tell: (outcome: JournalOutcome) => void;
  #head: JournalHead | undefined;

  /**
   * @param list says which lines name no image: these may hold anything
   * @param tell hears of each outcome when it is safe
   */
  constructor(
    file: OpenJournal | undefined,
    list: Pick<ImageList, "isWrong">,
    tell: (outcome: JournalOutcome) => void,
  ) {
    this.#file = file;
    this.#list = list;
    this.#tell = tell;
  }

  /** What the run is about, once that is known. */
  get head(): JournalHead | undefined {
    return this.#head;
  }

  async *read(): AsyncGenerator<JournalRecord, void> {
    for await (const record of this.#file?.read() ?? []) {
      if (record.kind === "run") this.#head = record;
      yield record;
    }
  }

  async write(record: JournalRecord): Promise<void> {
    if (record.kind === "run") this.#head = record;
    await this.#file?.write(record.kind === "outcome" ? this.#harmless(record) : record);
    if (record.kind === "outcome") this.#tell(record);
  }

  /**
   * Two places hold free text. Messages of a service, an operating system or a proxy may quote anything, and a line that
   * names no image could be a secret; it stands here as in reports. An id or a reference stays as it is, whatever a token
   * may look like: by these a later run knows what was done.
   */
  #harmless(record: JournalOutcome): JournalOutcome {
    const { index, reference, error } = record;
    const isWrong = this.#list.isWrong(index);
    return {
      ...record,
      ...(isWrong && { reference: shownReference(reference) ?? withheld }),
      ...(error && {
        error: {
          code: error.code,
          message: withoutSecrets(error.message),
          fix: withoutSecrets(error.fix),
        },
      }),
    };
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}
