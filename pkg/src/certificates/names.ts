// The names in certificates: as a text for people, and compared with others.
import type { GeneralName, Name } from "@peculiar/asn1-x509";

/** As openssl writes them (`-nameopt RFC2253`); others stand by their number. */
const shortNames: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "street",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.12": "title",
  "2.5.4.97": "organizationIdentifier",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.25": "DC",
  "1.2.840.113549.1.9.1": "emailAddress",
};

const email = "1.2.840.113549.1.9.1";

/** A name in one line (RFC 4514): `CN=Release signing,O=Example,C=FI`. */
export function nameText(name: Name): string {
  const parts = [...name].map((part) =>
    [...part].map(({ type, value }) => `${shortNames[type] ?? type}=${escaped(String(value))}`).join("+"),
  );
  return parts.reverse().join(",");
}

/** RFC 4514 §2.4. What is no sign, and what would end a line, is written out. */
function escaped(value: string): string {
  const inside = value.replace(/["+,;<>\\]/g, "\\$&").replace(/^[# ]| $/g, "\\$&");
  return inside.replace(
    /\p{Cc}/gu,
    (it) => `\\${it.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`,
  );
}

/** Do two names say the same? Case, white space and the kind of string do not matter (RFC 5280 §7.1). */
export function isSameName(one: Name, other: Name): boolean {
  return one.length === other.length && isWithin(one, other);
}

/** Did a CA issue it to itself, as it does when it renews its key? */
export function isSelfIssued({ subjectName, issuerName }: Issued): boolean {
  return isSameName(subjectName, issuerName);
}

interface Issued {
  readonly subjectName: Name;
  readonly issuerName: Name;
}

/** Does a name begin with all of another one? */
export function isWithin(name: Name, above: Name): boolean {
  return above.length <= name.length && [...above].every((part, at) => partText(part) === partText(name[at]));
}

/** The values of a part in one order, whatever it is written in. */
function partText(part: Name[number] | undefined): string {
  const values = [...(part ?? [])].map(({ type, value }) => [type, folded(String(value))]);
  return JSON.stringify(values.sort(([a = ""], [b = ""]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** As RFC 5280 §7.1 compares them: without what nobody sees, and in one of all spellings that mean the same. */
function folded(value: string): string {
  const seen = value.normalize("NFKC").replace(/[\p{Cf}\p{Variation_Selector}]/gu, "");
  return seen
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .toUpperCase()
    .toLowerCase();
}

/** Has it a value of a kind that holds no text that is read here? */
export function hasUnreadValue(name: Name): boolean {
  return [...name].some((part) => [...part].some(({ value }) => value.anyValue !== undefined));
}

/** The kinds of alternative names that may be asked for, and what people call them. */
const kinds = {
  rfc822Name: "the mail address",
  uniformResourceIdentifier: "the URL",
  dNSName: "the host",
} as const;

/** A name that may be asked for. */
interface Identity {
  readonly kind: keyof typeof kinds;
  readonly name: string;
}

/** The alternative names that may be asked for: mail addresses, addresses of the web, and hosts. */
export function identitiesIn(names: Iterable<GeneralName>): string[] {
  return identities(names).map(({ name }) => name);
}

/** The same with what each of them is, for reasons. @param shown writes foreign text */
export function calledIdentities(names: Iterable<GeneralName>, shown: (text: string) => string): string[] {
  return identities(names).map(({ kind, name }) => `${kinds[kind]} ${shown(name)}`);
}

/**
 * Is a name among them that somebody asked for? It has to be of the kind that its form says: what a CA may issue for one
 * kind of name, it says of that kind alone, so that a mail address in the place of a host is nobody's.
 */
export function hasIdentity(names: Iterable<GeneralName>, wanted: readonly string[]): boolean {
  return identities(names).some(({ kind, name }) => wanted.includes(name) && kind === kindOf(name));
}

function identities(names: Iterable<GeneralName>): Identity[] {
  return [...names].flatMap((name) =>
    // The keys are those of the table.
    (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap((kind) => {
      const said = name[kind];
      return said === undefined ? [] : { kind, name: said };
    }),
  );
}

function kindOf(text: string): Identity["kind"] {
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return "uniformResourceIdentifier";
  return text.includes("@") ? "rfc822Name" : "dNSName";
}

/** The mail addresses of a subject, where certificates used to have them. */
export function mailIn(subject: Name): string[] {
  return [...subject].flatMap((part) =>
    [...part].flatMap(({ type, value }) => (type === email ? String(value) : [])),
  );
}
