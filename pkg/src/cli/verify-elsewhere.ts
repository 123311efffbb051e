// `ocisign verify` where no registry is asked: of an OCI layout, or of a proof file.
import type { Verification } from "ocisign";
import { usage } from "./problem.ts";
import type { Session } from "./session.ts";
import type { Trust } from "./trusted-keys.ts";

/** What is asked, whatever it is read from. */
export interface Demands {
  /** Reads what is trusted, once the image is known, or the list to be good. */
  readonly trust: () => Promise<Trust>;
  readonly recursive: boolean;
  readonly requireRepository: boolean;
  readonly require: readonly string[] | undefined;
  readonly attestations: boolean;
  readonly signedAs: Readonly<Record<string, string>> | undefined;
  readonly coveredBy: string | undefined;
  readonly totalTimeout: number | undefined;
}

interface Sources {
  readonly layout: string | undefined;
  readonly platform: string | undefined;
  readonly proof: string | undefined;
  readonly fromFile: string | undefined;
  readonly signaturesIn: string | undefined;
  readonly coveredBy: string | undefined;
  readonly require: readonly string[] | undefined;
  readonly attestations: boolean;
}

/** Options that say where an image is read from, and exclude each other. */
export function checkSource(options: Sources): void {
  const { layout, platform, proof, fromFile, signaturesIn, coveredBy, require, attestations } = options;
  if (platform !== undefined && layout === undefined) {
    throw usage("--platform needs --layout.", "Give the digest of the platform's image, or --layout.");
  }
  const own = layout !== undefined ? "--layout" : "--proof";
  if (layout === undefined && proof === undefined) return;
  const given = [
    layout !== undefined && proof !== undefined && "--proof",
    fromFile !== undefined && "--from-file",
    signaturesIn !== undefined && "--signatures-in",
    proof !== undefined && coveredBy !== undefined && "--covered-by",
    // A proof file holds signatures only.
    proof !== undefined && require !== undefined && "--require",
    proof !== undefined && attestations && "--attestations",
  ].find(Boolean);
  if (given) throw usage(`${own} and ${given} exclude each other.`, "Leave one of them out.");
}

/** What is asked of attestations, as the library takes it. */
export function attestationDemand({ require, attestations }: Pick<Demands, "require" | "attestations">) {
  return { require, attestations: attestations ? ("verify" as const) : undefined };
}

export async function verifyElsewhere(
  session: Session,
  text: string | undefined,
  { layout, platform, proof, ...demands }: Demands & Pick<Sources, "layout" | "platform" | "proof">,
): Promise<Verification> {
  if (proof !== undefined) {
    const { verifyProofFile } = await import("./proof/verify.ts");
    return verifyProofFile(session, text, proof, demands);
  }
  if (text === undefined || layout === undefined) {
    throw usage("No image is given.", "Name one, as registry/repository@sha256:…: its signatures name it.");
  }
  const { verifyInLayout } = await import("./layout/verify.ts");
  return verifyInLayout(session, text, { ...demands, path: layout, platform });
}
