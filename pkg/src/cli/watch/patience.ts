// A watch goes on through outages, as the client's waits and the page do (service/passing.ts). It tells once when one
// begins, and once when it ends.
import { passes } from "../../service/passing.ts";
import { visible } from "../../shown/visible.ts";
import { libraryError } from "../library-error.ts";
import type { Session } from "../session.ts";

/** In milliseconds, as in the page. */
const pauses = { first: 2000, longest: 60_000 };
/** How often a stranger may answer at an address where nothing was read yet: it may be the wrong one. */
const firstLooks = 4;
/** So many refusals of the token in a row are believed. Fewer may be a token that is renewed a little late. */
const mostRefusals = 10;

export class Patience {
  readonly #session: Session;
  readonly #isEndless: boolean;
  #isKnown = false;
  #strangers = 0;

  /** @param isEndless false: the first failure ends it, as any single call */
  constructor(session: Session, isEndless: boolean) {
    this.#session = session;
    this.#isEndless = isEndless;
  }

  /** Reads, and again until there is an answer. @throws what does not pass by itself */
  async read<T>(look: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal, output } = this.#session;
    const began = performance.now();
    let refusals = 0;
    for (let failures = 0; ; failures += 1) {
      try {
        const value = await look(signal);
        this.#isKnown = true;
        if (failures > 0) {
          const seconds = Math.max(1, Math.round((performance.now() - began) / 1000));
          output.note(`The requests can be read again, after ${seconds}s.`);
        }
        return value;
      } catch (error) {
        signal.throwIfAborted();
        const isRefused = this.#isLateToken(error);
        if (isRefused) refusals += 1;
        if (!this.#isEndless || refusals > mostRefusals || !(isRefused || this.#passes(error))) throw error;
        if (failures === 0) {
          const { message = "" } = libraryError(error) ?? {};
          output.note(`The requests cannot be read, and the watch goes on. ${visible(message)}`);
        }
        await pause(Math.min(pauses.first * 2 ** failures, pauses.longest), signal);
      }
    }
  }

  #passes(error: unknown): boolean {
    const how = passes(error);
    if (how !== "strange") return how === "yes";
    this.#strangers += 1;
    return this.#isKnown || this.#strangers < firstLooks;
  }

  /** A token that is read anew each time may be there a little later. */
  #isLateToken(error: unknown): boolean {
    const { token, tokenFile, tokenCommand } = this.#session.settings;
    const isReadAnew = tokenFile || tokenCommand || /^@[^-]/.test(token?.value ?? "");
    const code = libraryError(error)?.code;
    return this.#isKnown && Boolean(isReadAnew) && (code === "unauthorized" || code === "bad-token");
  }
}

/** @throws when the signal fires meanwhile */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { pause: until } = await import("../../elements/controllers/pause.ts");
  await until(ms, signal);
  signal.throwIfAborted();
}
