// The environment of an image. A value is masked where it is read, so that nothing else ever has one that looks like a
// secret.
import { refuse } from "../strict/fault.ts";
import { listAt, textAt } from "../strict/fields.ts";
import { type Named, type Read, readingNow, Seen } from "./change.ts";
import type { EnvValue } from "./changes.ts";
import { looksSecret } from "./secret-looking.ts";

/** More variables than this are a mistake or an attack. */
const mostVariables = 1000;

/** @param list as a config has it: `NAME=value`; a name alone has no value */
export function environmentOf(list: unknown, what: string): Named<EnvValue> {
  const texts = listAt(list ?? [], "config.config.Env");
  if (texts.length > mostVariables) {
    refuse(`The image's config has ${texts.length} variables; at most ${mostVariables} are read.`);
  }
  const values = new Map<string, (string | undefined)[]>();
  for (const [at, text] of texts.entries()) {
    const [name, value] = parted(textAt(text, `config.config.Env[${at}]`));
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return new Map([...values].map(([name, given]) => [name, readingNow(what, () => variable(name, given))]));
}

function parted(text: string): [name: string, value: string | undefined] {
  const end = text.indexOf("=");
  return end < 0 ? [text, undefined] : [text.slice(0, end), text.slice(end + 1)];
}

function variable(name: string, [value, ...others]: (string | undefined)[]): Seen<EnvValue> {
  // Programs differ in which one they take. The message names neither value, and the change has the name.
  if (others.some((other) => other !== value))
    refuse("The image's config sets a variable twice, to different values.");
  if (value === undefined) return new Seen({ masked: false }, "");
  const masked = looksSecret(name, value);
  return new Seen(masked ? { masked } : { value, masked }, `=${value}`);
}

/** Without any variable. */
export const noVariable: EnvValue = { masked: false };

/** What is compared. */
export type Environment = Read<Named<EnvValue>>;
