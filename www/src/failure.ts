// What went wrong with the page itself, where a person looks. What goes wrong in an element, the element says.
import { byId } from "./places.ts";

export function showFailure(error: unknown) {
  byId("failure").textContent = failureText(error);
  byId("failure").hidden = false;
}

export function hideFailure() {
  byId("failure").hidden = true;
}

/** What went wrong, and what to do. */
function failureText(error: unknown) {
  const message = error instanceof Error ? error.message : String(error);
  const isHelpful = error instanceof Error && "fix" in error && typeof error.fix === "string";
  return `${message} ${isHelpful ? error.fix : "Reload the page. If this happens again, tell the page's operator."}`;
}
