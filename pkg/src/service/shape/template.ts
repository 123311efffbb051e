// The bodies and queries of calls: constants, and placeholders in the place of whole values.
import { type Fields, isRecord } from "../../foreign.ts";

/** What stands in the place of each placeholder; undefined where there is nothing to say. */
export type Values = Readonly<Record<string, unknown>>;

/** A body. A field without a value is left out, and so is an object of which nothing is left. */
export function filled(template: Fields, values: Values): Fields {
  const fields: [string, unknown][] = [];
  for (const [name, part] of Object.entries(template)) {
    const value = isRecord(part) ? innerOf(part, values) : meantBy(part, values);
    if (value !== undefined) fields.push([name, value]);
  }
  return Object.fromEntries(fields);
}

function innerOf(part: Fields, values: Values): Fields | undefined {
  const inner = filled(part, values);
  return Object.keys(inner).length === 0 && Object.keys(part).length > 0 ? undefined : inner;
}

/** Lists hold constants only. */
function meantBy(part: unknown, values: Values): unknown {
  return typeof part === "string" && Object.hasOwn(values, part) ? values[part] : part;
}

/** How often a placeholder stands in a template. */
export function countIn(template: Fields, placeholder: string): number {
  const counts = Object.values(template).map((part) =>
    isRecord(part) ? countIn(part, placeholder) : Number(part === placeholder),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Can no body be of both? Then a service tells two decisions apart that share method and path. */
export function exclude(one: Fields, other: Fields, isPlaceholder: (part: unknown) => boolean): boolean {
  return needsWhatIsNotIn(one, other, isPlaceholder) || needsWhatIsNotIn(other, one, isPlaceholder);
}

function needsWhatIsNotIn(one: Fields, other: Fields, isPlaceholder: (part: unknown) => boolean): boolean {
  return Object.entries(one).some(([name, part]) => {
    const their = Object.hasOwn(other, name) ? other[name] : undefined;
    if (isPlaceholder(part) || isPlaceholder(their)) return false;
    if (their === undefined) return hasConstants(part, isPlaceholder);
    if (isRecord(part) && isRecord(their)) return exclude(part, their, isPlaceholder);
    return JSON.stringify(part) !== JSON.stringify(their);
  });
}

function hasConstants(part: unknown, isPlaceholder: (part: unknown) => boolean): boolean {
  if (isRecord(part)) return Object.values(part).some((inner) => hasConstants(inner, isPlaceholder));
  return !isPlaceholder(part);
}
