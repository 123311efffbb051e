// Whoever dictates turns the queue's single keys off once, and not at every visit. The one thing that this page keeps.
import { byId } from "./places.ts";

const place = "ocisign-shortcuts";

export function keepShortcuts() {
  byId("queue").shortcuts = kept();
  document.body.addEventListener("ocisign-shortcuts", ({ detail }) => keep(detail.shortcuts));
}

function kept() {
  return storage()?.getItem(place) === "off" ? "off" : "on";
}

function keep(shortcuts: "on" | "off") {
  if (shortcuts === "off") storage()?.setItem(place, shortcuts);
  else storage()?.removeItem(place);
}

/** A browser may refuse it: then the choice lasts until the page is left. */
function storage() {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
