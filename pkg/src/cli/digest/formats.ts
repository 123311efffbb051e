// In which formats a signature is attached, and which signature belongs to which.
import type { SignatureFormat } from "ocisign";
import { choice, type OptionOf } from "../options.ts";

/** Both formats, in the order in which they are signed. */
const all: readonly SignatureFormat[] = ["simple-signing", "bundle"];

export function formatChoice(help: string): OptionOf<string | undefined> {
  return choice("--format <format>", help, [...all, "both"]);
}

export const formatOption = formatChoice("how it is written down (default: simple-signing)");

/** The formats that are meant. */
export function formatsOf(format: string | undefined): readonly SignatureFormat[] {
  if (format === "both") return all;
  return [all.find((it) => it === format) ?? "simple-signing"];
}
