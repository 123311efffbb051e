// JSON that a person wrote: errors name line and column.
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { visible } from "../shown/visible.ts";
import { Problem } from "./problem.ts";

export interface JsonFile {
  readonly value: Readonly<Record<string, unknown>>;
  /** Where a key stands, as `file:line:column`. */
  place(key: string): string;
}

/** Reads an object, strictly: it refuses comments, trailing commas and a name that stands there twice. */
export function readJsonObject(text: string, file: string): JsonFile {
  const at = (offset: number) => `${visible(file)}:${position(text, offset)}`;
  const errors: ParseError[] = [];
  const tree = treeOf(text, errors, file);
  const [wrong] = errors;
  if (wrong || !tree) {
    const why = wrong ? words(printParseErrorCode(wrong.error)) : "it is empty";
    throw notJson(`${at(wrong?.offset ?? 0)}: this is not JSON: ${why}.`);
  }
  if (tree.type !== "object") throw notJson(`${at(tree.offset)}: this is not a JSON object.`);
  const twice = repeatedIn(tree);
  if (twice) throw notJson(`${at(twice.offset)}: this key appears twice.`);
  return {
    value: parsed(text, file),
    place(key) {
      const node = findNodeAtLocation(tree, [key]);
      return at(node?.parent?.offset ?? tree.offset);
    },
  };
}

/** The first property whose name stands in its object already, at any depth. */
function repeatedIn({ type, children = [] }: Node): Node | undefined {
  const seen = new Set<unknown>();
  for (const child of children) {
    const name: unknown = type === "object" ? child.children?.[0]?.value : undefined;
    if (name !== undefined && seen.has(name)) return child;
    seen.add(name);
    const within = repeatedIn(child);
    if (within) return within;
  }
  return undefined;
}

/** What the parser of trees forgives is refused here. The message of `JSON.parse` would quote the file. */
function parsed(text: string, file: string): JsonFile["value"] {
  try {
    return JSON.parse(text);
  } catch {
    throw notJson(`${visible(file)}: this is not JSON.`);
  }
}

function treeOf(text: string, errors: ParseError[], file: string): Node | undefined {
  try {
    return parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch {
    // The parser walks down on the stack.
    throw notJson(`${visible(file)}: it is nested too deeply.`);
  }
}

function notJson(message: string): Problem {
  return new Problem("bad-file", message, "Correct the file there.");
}

/** `PropertyNameExpected` as `property name expected`. */
function words(name: string): string {
  return name.replace(/(?<=.)([A-Z])/g, " $1").toLowerCase();
}

function position(text: string, offset: number): string {
  const lines = text.slice(0, offset).split("\n");
  return `${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
}
