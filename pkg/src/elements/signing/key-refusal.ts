// What a pinned key has to say about approving.
import { fieldOf } from "../../foreign.ts";

/** Does what is wrong with a key speak against approving? A key that is only missing does not. */
export function refusalOfKey(problem: unknown): "key-mismatch" | "bad-pin" | undefined {
  const code = fieldOf(problem, "code");
  if (code === "key-mismatch") return "key-mismatch";
  return code === "bad-profile" ? "bad-pin" : undefined;
}
