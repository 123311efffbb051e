import { html, nothing } from "lit";
import type { Verification } from "ocisign";
import { blockedIn } from "../controllers/policy.ts";
import { strings } from "../strings/index.ts";

/** Codes of registries that want a sign-in. */
const wantsSignIn = new Set(["unauthorized", "forbidden"]);

/** How a browser reads registries that do not allow its page's origin. */
const recipe = "https://github.com/ocisign/ocisign/blob/main/docs/verify.md#in-a-browser";

/** Is it for want of a sign-in that nothing can be concluded? */
export function asksWho({ state, problems }: Verification) {
  return state === "unreachable" && problems.some(({ code }) => wantsSignIn.has(code));
}

/** Ways to read a registry that could not be read from a browser. */
export function advice(result: Verification) {
  const { signInNeeded, corsHint, corsRecipe } = strings.verify;
  if (asksWho(result)) return html`<p class="notice warn">${signInNeeded}</p>`;
  // What this page's own policy blocks is said beside each problem.
  const isAway = result.problems.some(({ code, message }) => code === "network" && !blockedIn(message));
  if (result.state !== "unreachable" || !isAway) return nothing;
  return html`<p class="notice">
    ${corsHint} <a href=${recipe} target="_blank" rel="noreferrer">${corsRecipe}</a>
  </p>`;
}
