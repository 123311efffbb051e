// The queue's keys, for hands that stay on the keyboard: only while the focus is in the queue or nowhere, and never in a
// field. A single letter can be said by whoever dictates, so all of them can be turned off (WCAG 2.1.4).
import type { ReactiveController } from "lit";
import type { OcisignElement } from "../base.ts";

/** What a key asks for. */
export type Asked = "search" | "next" | "previous" | "pick" | "pick-all" | "help" | "leave";

const asked: Readonly<Record<string, Asked | undefined>> = {
  "/": "search",
  j: "next",
  k: "previous",
  x: "pick",
  X: "pick-all",
  a: "pick-all",
  "?": "help",
};

interface Keyed {
  host: OcisignElement;
  isOn: () => boolean;
  /** False where there was nothing to do. */
  act: (asked: Asked) => boolean;
}

/** A reactive controller. */
export class Keys implements ReactiveController {
  #keyed: Keyed;

  constructor(keyed: Keyed) {
    this.#keyed = keyed;
    keyed.host.addController(this);
  }

  hostConnected() {
    document.addEventListener("keydown", this.#pressed);
  }

  hostDisconnected() {
    document.removeEventListener("keydown", this.#pressed);
  }

  #pressed = (event: KeyboardEvent) => {
    const { host, isOn, act } = this.#keyed;
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const what = event.key === "Escape" ? "leave" : isOn() ? asked[event.key] : undefined;
    if (what === undefined || !isInReach(event, host, what)) return;
    if (act(what)) event.preventDefault();
  };
}

function isInReach(event: KeyboardEvent, host: OcisignElement, what: Asked) {
  const [target] = event.composedPath();
  const isWithin = event.composedPath().includes(host);
  // Escape leaves a place: it means the one in which it is pressed, a field as well.
  if (what === "leave") return isWithin;
  if (target instanceof Element && isTypedInto(target)) return false;
  const isNowhere = target === document.body || target === document.documentElement;
  return (isWithin || isNowhere) && host.getClientRects().length > 0;
}

/** Does a letter mean something there? In a list to choose from it does. */
function isTypedInto(target: Element) {
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return target.matches("textarea, select, [contenteditable]:not([contenteditable=false]), dialog *");
}
