// The secrets that this process has seen. They are taken out of whatever it says about a failure: an operating
// system's or another program's words may quote them.

/** @type {Set<string>} */
const seen = new Set();

/** Remembers a secret. Short ones are passed over: they would be found in ordinary words. @param {string} secret */
export function keepSecret(secret) {
  const trimmed = secret.trim();
  if (trimmed.length >= 6) seen.add(trimmed);
  return secret;
}

/** @param {string} text */
export function withoutSecrets(text) {
  let clean = text;
  for (const secret of seen) clean = clean.replaceAll(secret, "[secret]");
  return clean;
}
