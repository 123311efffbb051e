// A run as Markdown, for the summary of a pipeline.
import type { ImageReference } from "ocisign";
import { visible } from "../../shown/visible.ts";

/** What is told of a run. */
export interface Told {
  /** How the image stands: a state of a verification or of a request, or `error`. */
  readonly state: string;
  /** Of the request, once there is one. */
  readonly id?: string | undefined;
  readonly reason?: string | undefined;
  /** What to do about it. */
  readonly next?: string | undefined;
}

export function toldAsMarkdown({ canonical }: ImageReference, { state, id, reason, next }: Told): string {
  const rows = [
    ["Image", code(canonical)],
    ["State", `**${plain(state)}**`],
    ["Request", id && code(id)],
    ["Reason", reason && plain(reason)],
    ["Next", next && plain(next)],
  ];
  const lines = rows.flatMap(([title, value]) => (value ? [`| ${title} | ${value} |`] : []));
  return `### Signature\n\n| | |\n|---|---|\n${lines.join("\n")}\n\n`;
}

/** Text that stays text: what Markdown or HTML would take for its own is written as a character reference. */
function plain(text: string): string {
  return visible(text)
    .replace(/[^A-Za-z0-9 ,:;'"()/+=%?.-]/gu, reference)
    .replace(/:\/\//g, "&#58;//");
}

function code(text: string): string {
  return `<code>${plain(text)}</code>`;
}

function reference(character: string): string {
  return /[\u{80}-\u{10ffff}]/u.test(character) ? character : `&#${character.codePointAt(0)};`;
}
