// JSON that a person wrote: errors name line and column.
import { findNodeAtLocation } from "jsonc-parser";
import { isRecord } from "../foreign.ts";
import { positionIn, readJsonTree } from "../json-tree.ts";
import { visible } from "../shown/visible.ts";
import { Problem } from "./problem.ts";

export interface JsonFile {
  readonly value: Readonly<Record<string, unknown>>;
  /** Where a key stands, as `file:line:column`. */
  place(key: string): string;
}

/** Reads an object, strictly: it refuses comments, trailing commas and a name that stands there twice. */
export function readJsonObject(text: string, file: string): JsonFile {
  const read = readJsonTree(text);
  const at = (position: string) => `${visible(file)}:${position}`;
  if ("what" in read) {
    throw notJson(`${read.at === undefined ? visible(file) : at(read.at)}: ${read.what}.`);
  }
  const { value, root } = read;
  const placeOf = (offset: number) => at(positionIn(text, offset));
  if (!isRecord(value)) throw notJson(`${placeOf(root.offset)}: this is not a JSON object.`);
  return {
    value,
    place(key) {
      const node = findNodeAtLocation(root, [key]);
      return placeOf(node?.parent?.offset ?? root.offset);
    },
  };
}

function notJson(message: string): Problem {
  return new Problem("bad-file", message, "Correct the file there.");
}
