// Several public keys in one file, as Kyverno takes them, are several keys. This parts them; the module reads each. The
// library, the elements and the command line all read keys this way.

/** A PEM block of a public key. Line breaks and the zero bytes of UTF-16 may stand anywhere in it. */
const block = /-----BEGIN (?:RSA )?PUBLIC KEY-----.*?-----END (?:RSA )?PUBLIC KEY-----/gs;

/** Each public key's own text, if there are several; else what was given. */
export function keyBlocks(given: string | Uint8Array): readonly (string | Uint8Array)[] {
  const blocks = asText(given).replaceAll("\0", "").match(block) ?? [];
  return blocks.length > 1 ? blocks : [given];
}

/** What the module names in place of a public key, such as `EC PRIVATE KEY`; undefined when it says something else. */
export function namedInstead(message: string): string | undefined {
  return message.match(/ public key is `(.+?)`/)?.[1];
}

/** Each byte a character: what belongs to a key is ASCII. */
function asText(given: string | Uint8Array): string {
  return typeof given === "string" ? given : new TextDecoder("latin1").decode(given);
}
