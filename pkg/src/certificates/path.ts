// The ways from a signing certificate up to a root that is trusted. What comes with a signature is taken in the order in
// which it comes; only what the caller gave is searched. So a stranger cannot make the search long.
import { Fault, quoted, refuse } from "../strict/fault.ts";
import { type ReadCertificate, sameBytes } from "./certificate.ts";
import { isIssuedBy } from "./issued.ts";
import { isSameName } from "./names.ts";

/** No way is longer, from the signing certificate up to the root. */
export const longestPath = 10;
/** So many ways are tried: a CA that renews its certificates has several of one name. */
const mostPaths = 50;
/** So many signatures are checked above one certificate: CAs that issued each other lead anywhere. */
const mostChecks = 500;

/** What a caller trusts, and what helps to get there. */
export interface Authorities {
  readonly roots: readonly ReadCertificate[];
  readonly intermediates: readonly ReadCertificate[];
}

/** Each certificate of a chain must have issued the one before it. */
export async function checkOrder(
  signer: ReadCertificate,
  chain: readonly ReadCertificate[],
  subtle: SubtleCrypto,
): Promise<void> {
  let below = signer;
  for (const [at, certificate] of chain.entries()) {
    if (sameBytes(certificate.der, signer.der)) {
      refuse("The chain holds the signing certificate itself; it begins with that one's issuer.");
    }
    if (!(await isIssuedBy(below, certificate, subtle))) {
      const named = isSameName(below.issuerName, certificate.subjectName) ? ", although it is named so" : "";
      const order = "The chain is out of order, or of another certificate";
      refuse(
        `${order}: its certificate ${at + 1}, ${quoted(certificate.subject)}, did not issue ${quoted(below.subject)}${named}.`,
      );
    }
    below = certificate;
  }
}

/** Each way up to a root, the shortest through the chain first. @throws {Fault} where there is none */
export async function pathsOf(
  signer: ReadCertificate,
  chain: readonly ReadCertificate[],
  { roots, intermediates }: Authorities,
  subtle: SubtleCrypto,
): Promise<ReadCertificate[][]> {
  const paths: ReadCertificate[][] = [];
  let fault: Fault | undefined;
  let checks = 0;

  const isAbove = async (issuer: ReadCertificate, path: readonly ReadCertificate[]) => {
    const top = path.at(-1);
    if (!top || !isSameName(top.issuerName, issuer.subjectName)) return false;
    if (path.some(({ der }) => sameBytes(der, issuer.der)) || checks++ >= mostChecks) return false;
    try {
      return await isIssuedBy(top, issuer, subtle);
    } catch (error) {
      // Another issuer of the same name may do; what was wrong with this one is told if none does.
      if (!(error instanceof Fault)) throw error;
      fault ??= error;
      return false;
    }
  };
  const climb = async (path: readonly ReadCertificate[], throughGiven: boolean): Promise<void> => {
    if (path.length >= longestPath) return;
    for (const root of roots) {
      if (paths.length < mostPaths && (await isAbove(root, path))) paths.push([...path, root]);
    }
    if (!throughGiven) return;
    for (const issuer of intermediates) {
      if (paths.length < mostPaths && (await isAbove(issuer, path))) await climb([...path, issuer], true);
    }
  };

  const whole = [signer, ...chain];
  for (let length = 1; length <= whole.length; length++) {
    const path = whole.slice(0, length);
    const top = path.at(-1);
    const isRoot = top && length > 1 && roots.some(({ der }) => sameBytes(der, top.der));
    if (isRoot) paths.push([...path]);
    else await climb(path, length === whole.length);
  }
  if (paths.length > 0) return paths;
  throw fault ?? noRoot(whole.at(-1) ?? signer, roots);
}

function noRoot(top: ReadCertificate, roots: readonly ReadCertificate[]): Fault {
  const named = roots.some(({ subjectName }) => isSameName(subjectName, top.issuerName));
  const why = named
    ? "a given root has the name of its issuer, but did not sign it"
    : `its issuer ${quoted(top.issuer)} is none of the given roots or intermediates`;
  return new Fault(`The certificate ${quoted(top.subject)} leads to no given root: ${why}.`);
}
