// Does the service's answer to a decision show the opposite? That it came without an error is not enough then.
import type { Signing, SigningState } from "ocisign";

const opposites: Readonly<Record<"approve" | "reject", ReadonlySet<SigningState>>> = {
  // One that was approved may have failed since.
  approve: new Set(["rejected"]),
  reject: new Set(["approved", "signing", "signed"]),
};

/** @param answer to this decision */
export function isDenied(decision: "approve" | "reject", { state }: Pick<Signing, "state">): boolean {
  return opposites[decision].has(state);
}
