// Elements of a service's list that could not be read. The library gives them beside the list; they are told, once,
// since a list that is not whole must not pass for one that is.
import { fieldOf, isList } from "../foreign.ts";
import { visible } from "../shown/visible.ts";
import { libraryError } from "./library-error.ts";
import type { Output } from "./output.ts";

export interface Unreadable {
  /** Its place in the service's list, from 0. */
  readonly index: number;
  readonly id: string | undefined;
  readonly error: { readonly code: string; readonly message: string };
}

/** Those of a list that the library gave. */
export function unreadableOf(list: unknown): readonly Unreadable[] {
  const found = fieldOf(list, "unreadable");
  return isList(found) ? found.map(elementOf) : [];
}

function elementOf(element: unknown): Unreadable {
  const [index, id] = [fieldOf(element, "index"), fieldOf(element, "id")];
  const { code = "bad-reply", message = "" } = libraryError(fieldOf(element, "error")) ?? {};
  return { index: Number(index), id: id === undefined ? undefined : String(id), error: { code, message } };
}

/** Most are alike: so many are told one by one. */
const told = 5;

/** Tells them below the list. */
export function tellUnreadable(unreadable: readonly Unreadable[], output: Output): void {
  if (unreadable.length === 0 || output.isJson) return;
  const [count, they] =
    unreadable.length === 1 ? ["1 element", "It is"] : [`${unreadable.length} elements`, "They are"];
  const lines = unreadable.slice(0, told).map(({ index, id, error }) => {
    return `  element ${index}${id === undefined ? "" : ` (${visible(id, "exact")})`}: ${visible(error.message)}`;
  });
  if (unreadable.length > told) lines.push(`  and ${unreadable.length - told} more`);
  output.note(
    `${output.paintNote("unsure", "warning:")} ${count} of the service's list cannot be read. ${they} not shown above.\n${lines.join("\n")}`,
  );
}

/** A list for a program: by itself if it is whole. */
export function listDocument(
  name: string,
  list: readonly unknown[],
  unreadable: readonly Unreadable[],
): unknown {
  return unreadable.length === 0 ? list : { [name]: list, unreadable };
}
