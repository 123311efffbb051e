// A value of an image, as it is told: foreign text stays what it is, so that whoever shows it can point out what it hides.
import { visible } from "../visible.ts";

export type Told =
  /** Foreign: in ASCII, or in a language. */
  | { readonly kind: "exact" | "prose"; readonly text: string }
  /** Ours. */
  | { readonly kind: "words"; readonly text: string }
  /** RFC 3339, as the image says it; foreign, and perhaps no time. */
  | { readonly kind: "time"; readonly text: string };

export function exact(text: string): Told {
  return { kind: "exact", text };
}

export function prose(text: string): Told {
  return { kind: "prose", text };
}

export function words(text: string): Told {
  return { kind: "words", text };
}

/** On one line, with what it hides written out: for a terminal, a file, a receipt. */
export function toldText({ kind, text }: Told): string {
  return kind === "words" ? text : visible(text, kind === "prose" ? "prose" : "exact");
}
