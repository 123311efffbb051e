// What a caller of an export passed wrongly.
import { OcisignError } from "ocisign";

export function badInput(message: string, fix: string): OcisignError {
  // The error without a place, of the union of all.
  return new OcisignError("bad-input", message, fix) as OcisignError;
}
