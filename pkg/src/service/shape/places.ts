// Where values stand in a service's reply. A path is made of names within each other, as in `data.request`.
import { type Fields, isRecord } from "../../foreign.ts";

/** The names of a path, the outermost first. */
export type Steps = readonly string[];

export function stepsOf(path: string): Steps {
  return path.split(".");
}

/** What stands there; undefined when nothing does. What an object inherits does not count. */
export function valueAt(value: unknown, steps: Steps): unknown {
  let inner = value;
  for (const step of steps) inner = isRecord(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined;
  return inner;
}

/** Where the fields of a thing stand, by our names. */
export class FieldPlaces {
  readonly #moved: readonly (readonly [string, Steps])[];
  readonly #ours: ReadonlySet<string>;

  /** @param decoded names that the client itself gives to what it makes of a reply */
  constructor(fields: Readonly<Record<string, string | undefined>> = {}, decoded: readonly string[] = []) {
    const given = Object.entries(fields).flatMap(([name, path]) =>
      path ? [[name, stepsOf(path)] as const] : [],
    );
    this.#moved = given.filter(([name, steps]) => steps.length > 1 || steps[0] !== name);
    this.#ours = new Set([...this.#moved.map(([name]) => name), ...decoded]);
  }

  /**
   * A thing in our words. What the service has beside it is kept. A field of the service's that only bears a name of
   * ours is kept as `service.<name>`, so that nothing is lost, and nothing taken for what it is not.
   */
  read(theirs: unknown): unknown {
    if (this.#moved.length === 0 || !isRecord(theirs)) return theirs;
    const ours: [string, unknown][] = [];
    let others = theirs;
    for (const [name, steps] of this.#moved) {
      const value = valueAt(theirs, steps);
      if (value !== undefined) ours.push([name, value]);
      others = without(others, steps);
    }
    const isHomonym = ([name]: [string, unknown]) => this.#ours.has(name);
    const rest = Object.entries(others);
    const homonyms = rest.filter(isHomonym);
    if (homonyms.length === 0) return Object.fromEntries([...ours, ...rest]);
    const isApart = (field: [string, unknown]) => isHomonym(field) || field[0] === "service";
    const service = Object.fromEntries(rest.filter(isApart));
    return Object.fromEntries([...ours, ...rest.filter((field) => !isApart(field)), ["service", service]]);
  }
}

/** What is left of an object without the value at a place; objects that held nothing else are gone with it. */
function without(object: Fields, [step = "", ...deeper]: Steps): Fields {
  if (!Object.hasOwn(object, step)) return object;
  const { [step]: inner, ...others } = object;
  if (deeper.length === 0) return others;
  if (!isRecord(inner)) return object;
  const left = without(inner, deeper);
  if (left === inner) return object;
  return Object.keys(left).length === 0 ? others : { ...object, [step]: left };
}
