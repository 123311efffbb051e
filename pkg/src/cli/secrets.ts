// The secrets that this process has seen. They are taken out of every message about a failure: an operating system or
// another program may quote them.

const seen = new Set<string>();

/** Remembers a secret. Short ones are passed over: they would be found in ordinary words. */
export function keepSecret(secret: string): string {
  const trimmed = secret.trim();
  if (trimmed.length >= 6) seen.add(trimmed);
  return secret;
}

export function withoutSecrets(text: string): string {
  let clean = text;
  for (const secret of seen) clean = clean.replaceAll(secret, "[secret]");
  return clean;
}
