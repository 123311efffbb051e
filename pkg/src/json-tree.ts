// JSON that a person wrote, with the place of each value: it refuses comments, trailing commas and a name that stands
// twice. The parser of an editor knows all places (jsonc-parser, by the makers of VS Code); JSON.parse tells none.
import { getNodePath, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { pathOfElement, pathOfField } from "./path.ts";

/** What is wrong with a text, without any of its words. */
export interface JsonMistake {
  /** Such as `this is not JSON: comma expected`. */
  readonly what: string;
  /** Where, as `line:column`; undefined where it is the whole text. */
  readonly at?: string;
  /** The name that stands twice, with its path. */
  readonly path?: string;
}

/** A text that is JSON. */
export interface JsonTree {
  readonly value: unknown;
  readonly root: Node;
}

export function readJsonTree(text: string): JsonTree | JsonMistake {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch {
    // The parser walks down on the stack.
    return { what: "it is nested too deeply" };
  }
  const [wrong] = errors;
  if (wrong || !root) {
    const why = wrong ? words(printParseErrorCode(wrong.error)) : "it is empty";
    return { what: `this is not JSON: ${why}`, at: positionIn(text, wrong?.offset ?? 0) };
  }
  const twice = repeatedIn(root);
  if (twice) {
    return {
      what: "this key appears twice",
      at: positionIn(text, twice.offset),
      path: pathOfProperty(twice),
    };
  }
  try {
    return { value: JSON.parse(text), root };
  } catch {
    // What the parser of trees forgives. The message of `JSON.parse` would quote the text.
    return { what: "this is not JSON" };
  }
}

/** `line:column`, from 1. */
export function positionIn(text: string, offset: number): string {
  const lines = text.slice(0, offset).split("\n");
  return `${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
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

function pathOfProperty(property: Node): string {
  // The path of a property itself ends at its object; that of its name, with the name.
  return getNodePath(property.children?.[0] ?? property).reduce<string>(
    (path, step) => (typeof step === "number" ? pathOfElement(path, step) : pathOfField(path, step)),
    "",
  );
}

/** `PropertyNameExpected` as `property name expected`. */
function words(name: string): string {
  return name.replace(/(?<=.)([A-Z])/g, " $1").toLowerCase();
}
