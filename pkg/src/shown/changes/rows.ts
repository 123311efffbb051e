// A row of what changed: what it is, how it stands, and both sides of it.
import type { Change, NamedChange, OcisignError } from "ocisign";
import { sidesOf } from "./sides.ts";
import { isAllUnknown } from "./summary.ts";
import { exact, type Told, words as told } from "./told.ts";
import type { ChangeWords } from "./words.ts";

export type RowState = keyof ChangeWords["states"];

export interface Row {
  /** What stands in this row, for programs: `entrypoint`, or the name of a variable. */
  readonly key: string;
  readonly state: RowState;
  /** What it is called. */
  readonly name: Told;
  /** Nothing where a side has none of it, or was not read. */
  readonly before?: Told;
  readonly after?: Told;
  /** What else is said of it, such as a layer's size or a package's licence. */
  readonly remarks: readonly Told[];
  /** Why it is unknown. */
  readonly error?: OcisignError;
}

/** Something of which an image has one. */
export function fieldRow<T>(
  key: keyof ChangeWords["fields"],
  change: Change<T>,
  tell: (value: T) => Told,
  words: ChangeWords,
): Row {
  return { ...rowOf(change, tell), key, name: told(words.fields[key]) };
}

/** Those of a list that differ, or are unknown. @param all what the whole list is called, for where none of it was read */
export function namedRows<T>(
  changes: readonly NamedChange<T>[],
  tell: (value: T) => Told,
  all: string,
): Row[] {
  return changes
    .filter(({ state }) => state !== "same")
    .map((change) => ({
      ...rowOf(change, tell),
      key: change.name,
      name: isAllUnknown([change]) ? told(all) : exact(change.name),
    }));
}

function rowOf<T>(change: Change<T>, tell: (value: T) => Told): Omit<Row, "key" | "name"> {
  const sides = sidesOf(change);
  return {
    state: change.state,
    ...("before" in sides && sides.before !== undefined && { before: tell(sides.before) }),
    ...("after" in sides && sides.after !== undefined && { after: tell(sides.after) }),
    remarks: [],
    ...(change.state === "unknown" && { error: change.error }),
  };
}
