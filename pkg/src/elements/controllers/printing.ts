// What is about to be printed: paper has nothing to press, so what a person could unfold is drawn before.

/** Something that draws more for paper. */
export interface Printed {
  /** Draws what is meant for `isPrinting`. Called at once before and after a print. */
  drawAgain(): void;
}

const all: Set<Printed> = new Set();
let isNow = false;

/** Is the page being printed? What is drawn now is for paper. */
export function isPrinting() {
  return isNow;
}

/** From now on it is drawn again for paper, until it is `forgotten`. */
export function printed(one: Printed) {
  all.add(one);
}

/** It is off the page. */
export function forgotten(one: Printed) {
  all.delete(one);
}

function turn(now: boolean) {
  isNow = now;
  // What these draw comes into the set while it is walked along, and is drawn for paper already.
  for (const one of [...all]) one.drawAgain();
}

// A server that draws pages has no printer.
globalThis.addEventListener?.("beforeprint", () => turn(true));
globalThis.addEventListener?.("afterprint", () => turn(false));
