// Several public keys in one file, as Kyverno takes them, are several keys. This parts them; the module reads each. The
// library, the elements and the command line all read keys this way.
import { isDer } from "../strict/is-der.ts";

/** Where a PEM block of a public key begins and ends. */
const begin = /-----BEGIN (?:RSA )?PUBLIC KEY-----/g;
const end = /-----END (?:RSA )?PUBLIC KEY-----/g;

/** Each public key's own text, if there are several; else what was given. */
export function keyBlocks(given: string | Uint8Array): readonly (string | Uint8Array)[] {
  // One key, whatever its numbers spell: an RSA modulus has room for two keys in PEM, and its owner chooses it.
  if (given instanceof Uint8Array && isDer(given)) return [given];
  const text = asText(given).replaceAll("\0", "");
  const blocks = blocksIn(text);
  if (blocks.length > 1) return blocks;
  const jwk = blocks.length === 0 && jwkName(text);
  // The module names what a block of another kind calls itself.
  return [jwk ? `-----BEGIN ${jwk}-----` : given];
}

/** From each beginning to the next end. Each part is searched once: a stranger may have written it. */
function blocksIn(text: string): string[] {
  const blocks: string[] = [];
  const find = (mark: RegExp, from: number) => {
    mark.lastIndex = from;
    return mark.exec(text);
  };
  for (let at = 0; ; ) {
    const first = find(begin, at);
    const last = first && find(end, begin.lastIndex);
    if (!last) return blocks;
    at = end.lastIndex;
    blocks.push(text.slice(first.index, at));
  }
}

/** What a JSON Web Key (RFC 7517), or a set of them, is to be called. Nothing of it is repeated. */
function jwkName(text: string): string | undefined {
  if (!/^[^!-~]*[{[]/.test(text.slice(0, 100).replace(/^\u00ef\u00bb\u00bf|^[\u00fe\u00ff]{2}/, "")))
    return undefined;
  if (!/"kty"\s*:/.test(text)) return undefined;
  return /"(?:d|k)"\s*:/.test(text) ? "JWK PRIVATE KEY" : "JWK";
}

/** What people give in place of a public key, and each place has words of its own for. */
export type Instead =
  | "privateKey"
  | "certificate"
  | "request"
  | "ssh"
  | "pgp"
  | "pkcs12"
  | "pkcs7"
  | "jwk"
  | "other";

/** By the name that the module repeats; the first that fits counts. */
const kinds: readonly (readonly [name: RegExp, Instead])[] = [
  [/PRIVATE KEY/, "privateKey"],
  [/REQUEST/, "request"],
  [/CERTIFICATE/, "certificate"],
  [/SSH/, "ssh"],
  [/PGP/, "pgp"],
  [/PKCS12/, "pkcs12"],
  [/PKCS7|CMS/, "pkcs7"],
  [/JWK/, "jwk"],
];

/**
 * What the module names in place of a public key, such as `EC PRIVATE KEY`, and of which kind that is; undefined when it
 * says something else. Page and command line tell it by this alone.
 */
export function insteadOfKey(message: string): { readonly name: string; readonly kind: Instead } | undefined {
  const name = message.match(/ public key is `(.+?)`/)?.[1];
  if (name === undefined) return undefined;
  return { name, kind: kinds.find(([form]) => form.test(name))?.[1] ?? "other" };
}

/** Each byte a character: what belongs to a key is ASCII. */
function asText(given: string | Uint8Array): string {
  return typeof given === "string" ? given : new TextDecoder("latin1").decode(given);
}
