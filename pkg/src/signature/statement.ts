// The statement that an image was signed, as cosign 3 writes it, byte for byte: whoever signs it elsewhere, and whoever
// pushes the signature, must mean the same bytes.
import { toUtf8 } from "../bytes.ts";
import type { Digest } from "../image/reference.ts";
import { predicateType, statementType } from "./proof/statement.ts";

/** The in-toto statement about an image. */
export function signedStatement(digest: Digest): Uint8Array<ArrayBuffer> {
  const [algorithm = "", hex] = digest.split(":");
  const subject = [{ digest: { [algorithm]: hex }, annotations: {} }];
  return toUtf8(JSON.stringify({ _type: statementType, subject, predicateType, predicate: {} }));
}
