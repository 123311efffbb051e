// `ocisign verify --proof`: what `ocisign bundle` wrote, without a network.
import type { Verification } from "ocisign";
import { readImage } from "../image.ts";
import { readBytes, readStdinBytes } from "../input.ts";
import { libraryError } from "../library-error.ts";
import { exitCode, Problem } from "../problem.ts";
import type { Session } from "../session.ts";
import type { Demands } from "../verify-elsewhere.ts";
import { shownPath } from "../withheld.ts";

export async function verifyProofFile(
  session: Session,
  text: string | undefined,
  file: string,
  { trust: read, recursive, requireRepository, signedAs }: Demands,
): Promise<Verification> {
  const { verifyProof } = await import("ocisign");
  const reference = text === undefined ? undefined : await readImage(text);
  const bytes = file === "-" ? await readStdinBytes("--proof -") : readBytes(file, "--proof");
  const trust = await read();
  try {
    const demand = { ...trust, recursive, requireRepository, signedAs };
    const verification = await verifyProof(bytes, { ...demand, reference });
    if (reference === undefined) {
      session.output.note(
        "no image was given: compare the one that is named here with the one that you mean",
      );
    }
    return verification;
  } catch (error) {
    const refused = libraryError(error);
    if (refused?.code !== "bad-signature" && !refused?.message.includes("proof file")) throw error;
    const place = file === "-" ? "-" : (shownPath(file) ?? "the file");
    const { code, message, fix } = refused;
    throw new Problem(code, `--proof: ${place}: ${message}`, fix, {
      ...{ exit: exitCode.notVerified, cause: error },
    });
  }
}
