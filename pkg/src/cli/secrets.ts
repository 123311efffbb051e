// The secrets that this process has seen. They are taken out of every message about a failure: an operating system or
// another program may quote them.

const seen = new Set<string>();

/** Remembers a secret, and each of its lines. Short ones are passed over: they would be found in ordinary words. */
export function keepSecret(secret: string): string {
  for (const piece of [secret, ...secret.split(/[\r\n]+/)].map((text) => text.trim())) {
    if (piece.length >= 6) seen.add(piece);
  }
  return secret;
}

export function withoutSecrets(text: string): string {
  let clean = text;
  for (const secret of seen) clean = clean.replaceAll(secret, "[secret]");
  return clean;
}

/** The same of each text within plain data. */
export function dataWithoutSecrets<T>(data: T): T {
  const clean = (_: string, value: unknown) => (typeof value === "string" ? withoutSecrets(value) : value);
  // Its form stays: only texts change, and they stay texts.
  return JSON.parse(JSON.stringify(data, clean));
}
