// Tells what a look has found: a line each, and a program each, a few at a time. Then it is remembered.
import type { Signing } from "ocisign";
import { sideBySide } from "../../bulk/side-by-side.ts";
import { foldedId } from "../../service/same-id.ts";
import { asText } from "../../shown/as-text.ts";
import { visible } from "../../shown/visible.ts";
import { shortIds } from "../find-request.ts";
import type { Session } from "../session.ts";
import { type Entry, entryOf, productNames } from "../signings-table.ts";
import { eventOf } from "./event.ts";
import { lineOf } from "./line.ts";
import type { EventName, Memory } from "./memory.ts";
import { type Program, runProgram } from "./programs.ts";
import type { StateFile } from "./state-file.ts";

export interface TellingSettings {
  readonly session: Session;
  readonly memory: Memory;
  readonly file: StateFile | undefined;
  readonly program: Program | undefined;
  readonly atOnce: number;
  readonly page: string | undefined;
}

/** One request of which something is to be told. */
export interface News {
  readonly signing: Signing;
  readonly event: EventName;
  readonly needsReview: boolean;
}

export class Telling {
  readonly #settings: TellingSettings;
  #products: ReadonlyMap<string, string> = new Map();
  /** Products of which a name was asked for. */
  readonly #asked = new Set<string>();
  told = 0;
  failed = 0;

  constructor(settings: TellingSettings) {
    this.#settings = settings;
  }

  /** Ends when all is told. The next look waits for that, so that no more than one look's news ever waits. */
  async tell(news: readonly News[]): Promise<void> {
    const { session, atOnce } = this.#settings;
    if (news.length === 0) return;
    await this.#readProducts(news);
    const { names } = (await session.service()).profile;
    const short = shortIds(news.map(({ signing }) => signing.id));
    const { file } = this.#settings;
    await sideBySide(news, atOnce, async (one) => {
      const { id } = one.signing;
      await this.#tellOne(one, entryOf(one.signing, short.get(id) ?? id, this.#products, names));
    });
    await file?.keep();
  }

  async #tellOne({ signing, event, needsReview }: News, entry: Entry): Promise<void> {
    const { session, memory, file, program, page } = this.#settings;
    const { output, signal } = session;
    signal.throwIfAborted();
    const { names } = (await session.service()).profile;
    const isNew = !memory.has(signing);
    const document = eventOf(entry, { event, isNew, needsReview, page, names: [names] });
    const isWritten = await output.line(lineOf(entry, document, output), document);
    // The reader has gone: what was not read was not told.
    if (!isWritten) return;
    const why = program && (await runProgram(program, document, signal));
    this.told += 1;
    if (why !== undefined) {
      this.failed += 1;
      output.note(`warning: The program for ${visible(signing.id, "exact")} (${event}) ${why}.`);
    }
    memory.keep(signing);
    file?.touch();
  }

  /** The names of products, once, and again when there is another product. */
  async #readProducts(news: readonly News[]): Promise<void> {
    const keys = news.map(({ signing }) => foldedId(asText(signing.productId)));
    if (keys.every((key) => key === "" || this.#asked.has(key))) return;
    for (const key of keys) this.#asked.add(key);
    this.#products = new Map([...this.#products, ...(await productNames(this.#settings.session))]);
  }
}
