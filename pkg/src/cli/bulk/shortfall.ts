// What was not signed, or not verified, by name and reason: the first of it. A terminal is no place for ten thousand lines; reports are.

import { visible } from "../../shown/visible.ts";
import { endOf, type ReportEntry, whyOf } from "../report/entry.ts";
import { counted } from "./wrong-lines.ts";

const most = 20;

export class Shortfall {
  readonly #heading: string;
  readonly #told: string[] = [];
  #count = 0;

  /** @param heading such as `Not signed:` */
  constructor(heading: string) {
    this.#heading = heading;
  }

  note(entry: ReportEntry): void {
    this.#count += 1;
    if (this.#told.length === most) return;
    const { line, reference, state, id } = entry;
    const { message, fix } = whyOf(entry);
    const place = line === undefined ? "" : `line ${line}: `;
    const request = id === undefined ? "" : `, request ${visible(id)}`;
    const why = message === state ? "" : `\n    ${visible(message)} ${visible(fix)}`.trimEnd();
    this.#told.push(`  ${place}${visible(reference)}: ${state}${request}${why}`);
  }

  /** Lines to show; nothing if there are none. */
  get text(): string | undefined {
    if (this.#count === 0) return undefined;
    const more = this.#count - this.#told.length;
    const rest = more > 0 ? [`  … and ${counted(more, "more image")}; --report FILE names all of them.`] : [];
    return [this.#heading, ...this.#told, ...rest].join("\n");
  }
}

/**
 * Is it something that a person has to look at? What waits is on its way, and so is a request whose code is not
 * explained, as long as nobody waits for its end.
 */
export function fallsShort(entry: ReportEntry, { waits }: { readonly waits: boolean }): boolean {
  const end = endOf(entry);
  return bad.includes(end) || (waits && end === "unexplained");
}

const bad: readonly string[] = ["rejected", "failed", "doubtful"];
