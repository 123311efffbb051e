// Whoever dictates turns the queue's single keys off once, and not at every visit.
import { kept as choice, keep as keepChoice } from "./kept.ts";
import { byId } from "./places.ts";

const place = "ocisign-shortcuts";

export function keepShortcuts() {
  byId("queue").shortcuts = kept();
  document.body.addEventListener("ocisign-shortcuts", ({ detail }) => keep(detail.shortcuts));
}

function kept() {
  return choice(place) === "off" ? "off" : "on";
}

function keep(shortcuts: "on" | "off") {
  keepChoice(place, shortcuts === "off" ? shortcuts : undefined);
}
