// Name constraints (RFC 5280 §4.2.1.10): for which names a CA may issue certificates. A kind of name that is constrained
// and cannot be compared here is refused.
import type { GeneralName, Name } from "@peculiar/asn1-x509";
import { quoted, refuse } from "../strict/fault.ts";
import type { ReadCertificate } from "./certificate.ts";
import { hasUnreadValue, isSelfIssued, isWithin, mailIn } from "./names.ts";

type Kind = keyof GeneralName & string;

/** How a name is compared with the base of a subtree. */
const comparisons: { readonly [kind in Kind]?: (name: unknown, base: unknown) => boolean } = {
  directoryName: (name, base) => isWithin(name as Name, base as Name),
  dNSName: (name, base) => isHostWithin(String(name), String(base), true),
  rfc822Name: (name, base) => isMailWithin(String(name), String(base)),
  uniformResourceIdentifier: (name, base) => isHostWithin(hostOf(String(name)), String(base), false),
};

/** The host in a name of a kind that is about hosts; undefined where it has none. */
const hostIn: { readonly [kind in Kind]?: (name: string) => string | undefined } = {
  dNSName: (name) => name,
  rfc822Name: (name) => (/^.+@/.test(name) ? parted(name)[1] : undefined),
  uniformResourceIdentifier: hostOf,
};

/**
 * A host in its one spelling, with a letter in its last part. Another one, such as with a dot at its end, an asterisk or
 * an escape, means a host that a subtree is about, and would not be found within it.
 */
const hostForm = /^(?:[a-z0-9_-]+\.)*(?=[^.]*[a-z])[a-z0-9_-]+$/i;

/** @param path from the certificate that signed up to the root */
export function checkConstraints(path: readonly ReadCertificate[]): void {
  for (const [at, { nameConstraints, subject }] of path.entries()) {
    if (!nameConstraints) continue;
    const { permittedSubtrees, excludedSubtrees } = nameConstraints;
    const trees = { permitted: [...(permittedSubtrees ?? [])], excluded: [...(excludedSubtrees ?? [])] };
    for (const { minimum, maximum, base } of [...trees.permitted, ...trees.excluded]) {
      if (minimum !== 0 || maximum !== undefined || !isUnderstood(base)) {
        refuse(`The name constraints of ${quoted(subject)} have limits that are not understood here.`);
      }
    }
    for (const [below, certificate] of path.slice(0, at).entries()) {
      // A CA that renews itself may have another name than it may issue.
      if (below > 0 && isSelfIssued(certificate)) continue;
      for (const name of namesOf(certificate)) checkName(name, trees, { certificate, ca: subject });
    }
  }
}

/** A subtree of hosts names one, or all below one, or of mail addresses one. */
function isUnderstood(base: GeneralName): boolean {
  const texts = [base.dNSName, base.rfc822Name, base.uniformResourceIdentifier];
  return texts.every((text) => !text || hostForm.test(parted(text)[1].replace(/^\./, "")));
}

interface Trees {
  readonly permitted: readonly { readonly base: GeneralName }[];
  readonly excluded: readonly { readonly base: GeneralName }[];
}

function checkName(
  { kind, value }: ConstrainedName,
  { permitted, excluded }: Trees,
  { certificate, ca }: { readonly certificate: ReadCertificate; readonly ca: string },
): void {
  const isOfKind = ({ base }: { readonly base: GeneralName }) => base[kind] !== undefined;
  const [within, without] = [permitted.filter(isOfKind), excluded.filter(isOfKind)];
  if (within.length + without.length === 0) return;
  const compare = comparisons[kind];
  const refused = `The CA ${quoted(ca)} may not issue the certificate ${quoted(certificate.subject)}`;
  if (!compare) refuse(`${refused}, as far as can be told here: it constrains names of kind ${kind}.`);
  const isIn = ({ base }: { readonly base: GeneralName }) => compare?.(value, base[kind]) ?? false;
  if (hostIn[kind] && !hostForm.test(hostIn[kind]?.(String(value)) ?? "")) {
    refuse(`${refused}: a name of it is none that can be compared with its name constraints.`);
  }
  if (kind === "directoryName" && without.length > 0 && hasUnreadValue(value as Name)) {
    refuse(`${refused}: its subject is written in a way that cannot be compared with its name constraints.`);
  }
  if (without.some(isIn) || (within.length > 0 && !within.some(isIn))) {
    refuse(`${refused}: its name constraints exclude a name of it.`);
  }
}

interface ConstrainedName {
  readonly kind: Kind;
  readonly value: unknown;
}

/** All names of a certificate, in its subject as well. */
function namesOf({ subjectName, alternativeNames }: ReadCertificate): ConstrainedName[] {
  const subject = subjectName.length > 0 ? [{ kind: "directoryName" as const, value: subjectName }] : [];
  const mail = mailIn(subjectName).map((value) => ({ kind: "rfc822Name" as const, value }));
  const others = [...alternativeNames].flatMap((name) =>
    Object.entries<unknown>({ ...name }).flatMap(([kind, value]) =>
      // The keys are those of the class.
      value === undefined ? [] : { kind: kind as Kind, value },
    ),
  );
  return [...subject, ...mail, ...others];
}

/** @param orItself whether a host stands for all below it, too */
function isHostWithin(name: string, base: string, orItself: boolean): boolean {
  const [host, above] = [name.toLowerCase(), base.toLowerCase()];
  if (above === "") return true;
  if (above.startsWith(".")) return host.endsWith(above);
  return host === above || (orItself && host.endsWith(`.${above}`));
}

function isMailWithin(address: string, base: string): boolean {
  const [local, host] = parted(address);
  const [only, place] = parted(base);
  if (base.includes("@")) return local === only && host.toLowerCase() === place.toLowerCase();
  return isHostWithin(host, base, false);
}

function parted(address: string): [local: string, host: string] {
  const at = address.lastIndexOf("@");
  return [address.slice(0, Math.max(at, 0)), address.slice(at + 1)];
}

/** The host of an address of the web; empty where it has none. A user before it has no `\`, which some read as `/`. */
function hostOf(address: string): string {
  const [, host = ""] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^\\/?#@]*@)?([^/?#@]*)/i.exec(address) ?? [];
  return host.replace(/:\d*$/, "");
}
