// How many groups of its rule a request needs: each of them, or any one.
import { fieldOf, isText } from "../foreign.ts";

/** Each group that is required, or any one of them; undefined where the service says something that is not known here. */
export type Needs = "every" | "any" | undefined;

/** @param signing a request, as the service shows it: in most, the field is missing */
export function needsOf(signing: object): Needs {
  const said = fieldOf(signing, "requiredApprovals");
  if (said === undefined || said === null || said === "every") return "every";
  return isText(said) && said === "any" ? "any" : undefined;
}
