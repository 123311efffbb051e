// Where things stand in a reply that nobody described: paths of names joined by dots, as a profile writes them.
import { type Fields, isRecord } from "../../foreign.ts";
import { stepsOf, valueAt as valueAtSteps } from "../../service/shape/places.ts";

/** What a profile can name. */
const nameable = /^[A-Za-z0-9_$@-]+$/;
const deepest = 6;
const mostVisited = 20_000;

/** A value and its path; the path of the whole is empty. */
export interface Place {
  readonly path: string;
  readonly value: unknown;
}

/** Everything in it that a path can name, the outermost first. It does not look into lists. */
export function* placesIn(value: unknown): Generator<Place> {
  let level: Place[] = [{ path: "", value }];
  let visited = 0;
  for (let depth = 0; depth <= deepest && level.length > 0; depth += 1) {
    const next: Place[][] = [];
    for (const place of level) {
      if (++visited > mostVisited) return;
      yield place;
      if (isRecord(place.value)) next.push(partsOf(place.path, place.value));
    }
    level = next.flat();
  }
}

function partsOf(path: string, record: Fields): Place[] {
  return Object.entries(record)
    .filter(([name]) => nameable.test(name))
    .map(([name, value]) => ({ path: path ? `${path}.${name}` : name, value }));
}

/** What stands at a path; undefined if nothing does. */
export function valueAt(value: unknown, path: string): unknown {
  return path === "" ? value : valueAtSteps(value, stepsOf(path));
}
