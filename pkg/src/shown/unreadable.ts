// Elements of a service's list that could not be read. The list is shown nevertheless, and they are named beside it.
import { fieldOf, isList } from "../foreign.ts";
import { asText } from "./as-text.ts";

/** An element that could not be read. */
export interface Unreadable {
  /** Its place in the list that was read, from 0. */
  readonly index: number;
  /** Its id, if at least that could be read; else empty. */
  readonly id: string;
  /** Why. */
  readonly error: unknown;
}

/** What a client says of the elements that it could not read: the `unreadable` of its lists. */
export function unreadableOf(list: unknown): Unreadable[] {
  const unreadable = fieldOf(list, "unreadable");
  if (!isList(unreadable)) return [];
  return unreadable.map((one, at) => {
    const index = fieldOf(one, "index");
    return {
      index: typeof index === "number" ? index : at,
      id: asText(fieldOf(one, "id")),
      error: fieldOf(one, "error"),
    };
  });
}
