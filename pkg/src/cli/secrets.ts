// The secrets that this process has seen. They are taken out of every message about a failure, however it spells them: an
// operating system, a server or another program may quote them.
import { Spelled } from "../spellings.ts";

const seen = new Map<string, Spelled>();

/** Remembers a secret, and each of its lines. Short ones are passed over: they would be found in ordinary words. */
export function keepSecret(secret: string): string {
  for (const piece of [secret, ...secret.split(/[\r\n]+/)].map((text) => text.trim())) {
    if (piece.length >= 6 && !seen.has(piece)) seen.set(piece, new Spelled(piece));
  }
  return secret;
}

export function withoutSecrets(text: string): string {
  let clean = text;
  for (const secret of seen.values()) clean = secret.without(clean, "[secret]");
  return clean;
}

/** The same of each text within plain data. */
export function dataWithoutSecrets<T>(data: T): T {
  const clean = (_: string, value: unknown) => (typeof value === "string" ? withoutSecrets(value) : value);
  // Its form stays: only texts change, and they stay texts.
  return JSON.parse(JSON.stringify(data, clean));
}

/** The beginning of a foreign text. Half a secret would not be found any more, so that secrets go first. */
export function beginningOf(text: string, most: number): string {
  return withoutSecrets(text).slice(0, most);
}
