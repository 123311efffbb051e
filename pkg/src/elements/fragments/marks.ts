// The marks that stand beside other things: a request's state, the product's registry, that something is under way.
import { html } from "lit";
import type { Signing } from "ocisign";
import { strings } from "../strings/index.ts";

type Status = Pick<Signing, "state" | "code">;

/** How states are coloured; those that are not named are plain. */
const tones: Partial<Record<Status["state"], string>> = {
  new: "warn",
  waiting: "warn",
  signed: "good",
  rejected: "bad",
  failed: "bad",
};

/** `waiting for approval (2)`, or `status 3` for a code that the profile does not explain. */
export function stateWords({ state, code }: Status) {
  const { states, unknownState } = strings.common;
  return state === "unknown" ? unknownState(code) : `${states[state] ?? state} (${code})`;
}

/** The class of a state's colour; none for a plain one. */
export function stateTone({ state }: Status) {
  return tones[state] ?? "";
}

/** In words, with the code, since only the code is the service's own word. */
export function stateMark(status: Status) {
  return html`<span class="state ${stateTone(status)}" part="state">${stateWords(status)}</span>`;
}

/** The image's registry is the one that the product signs for. */
export function registryMark() {
  return html`<span class="state good"><span aria-hidden="true">✓ </span>${strings.common.productsRegistry}</span>`;
}

/** Something is under way. */
export function busy(words: string) {
  return html`<p class="row busy muted">${words}</p>`;
}
