// The state of a request in words, with its code, since only the code is the service's own word.
import { html } from "lit";
import { strings } from "../strings/index.ts";

/** @typedef {Pick<import("ocisign").Signing, "state" | "code">} Status */

/** How states are coloured; those that are not named are plain. @type {Record<string, string>} */
const tones = { new: "warn", waiting: "warn", signed: "good", rejected: "bad", failed: "bad" };

/** `waiting for approval (2)`, or `status 3` where nobody explained the code. @param {Status} status */
export function stateWords({ state, code }) {
  const { states, unknownState } = strings.common;
  return state === "unknown" ? unknownState(code) : `${states[state] ?? state} (${code})`;
}

/** @param {Status} status */
export function stateMark(status) {
  return html`<span class="state ${tones[status.state] ?? ""}" part="state">${stateWords(status)}</span>`;
}
