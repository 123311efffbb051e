// Reads the fields of foreign JSON. A field of another type is a fault that names its place.
import { type Fields, isRecord } from "../foreign.ts";
import { quoted, refuse } from "./fault.ts";

/** An object; with `exactly`, one that has these fields and no others. */
export function objectAt(value: unknown, place: string, exactly?: readonly string[]): Fields {
  if (!isRecord(value)) return refuse(`${place} is not an object.`);
  if (!exactly) return value;
  onlyFields(value, place, exactly);
  const missing = exactly.find((name) => !Object.hasOwn(value, name));
  return missing === undefined ? value : refuse(`${place} has no field \`${missing}\`.`);
}

export function onlyFields(value: unknown, place: string, known: readonly string[]): void {
  const unknown = Object.keys(objectAt(value, place)).find((name) => !known.includes(name));
  if (unknown !== undefined) refuse(`${place} has the unknown field ${quoted(unknown)}.`);
}

export function listAt(value: unknown, place: string): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(`${place} is not a list.`);
}

export function textAt(value: unknown, place: string): string {
  return typeof value === "string" ? value : refuse(`${place} is not a string.`);
}

/** A text that may be left out. */
export function optionalTextAt(value: unknown, place: string): string | undefined {
  return value === undefined || value === null ? undefined : textAt(value, place);
}
