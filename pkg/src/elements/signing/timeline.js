// What happened, and when: by the service's own history, or else by what this page saw itself.
import { html, nothing } from "lit";
import { decodeStatus } from "ocisign";
import { moment } from "../fragments/facts.js";
import { stateMark } from "../fragments/state-mark.js";
import { inSteps } from "../fragments/unfolding.js";
import { once } from "../model/once.js";
import { strings } from "../strings/index.ts";
import { asText } from "../text/as-text.ts";
import { exact, prose } from "../text/text-element.ts";
import { fullTime } from "../text/time.ts";

/**
 * @typedef {import("../model/request-view.js").RequestView} RequestView
 * @typedef {{ status: unknown, at?: Date | undefined, by?: { name: string } | undefined, comment: string, isApproval?: boolean, isSeen?: boolean }} Entry
 */

/** So many are shown at once. */
const step = 50;

/** What this page saw of a status. @typedef {{ code: number, at: Date }} Sight */

/** @param {import("../signing.js").OcisignSigning} element */
export function timeline(element) {
  const words = strings.signing;
  const { now, sights, client } = element;
  if (!now) return nothing;
  const draw = (/** @type {Entry} */ it) => entry(it, client?.profile);
  return html`<section class="panel stack" aria-labelledby="timeline" part="timeline">
    <h3 id="timeline">${words.timeline}</h3>
    ${inSteps(entriesOf(now, sights), draw, step)}
  </section>`;
}

/** @type {(now: RequestView, sights: readonly Sight[]) => Entry[]} */
const entriesOf = once((now, sights) => byTime([...steps(now, sights), ...approvals(now)]));

/** @param {RequestView} now @param {readonly Sight[]} sights @returns {Entry[]} */
function steps({ history }, sights) {
  return history.length > 0
    ? history
    : sights.map(({ code, at }) => ({ status: code, at, comment: "", isSeen: true }));
}

/** Approvals that are not told as steps already. @param {RequestView} now @returns {Entry[]} */
function approvals({ approvals, history }) {
  const told = new Set(history.map(({ by, comment }) => act(by, comment)));
  return approvals
    .filter(({ person, comment }) => !person.objectId || !told.has(act(person, comment)))
    .map(({ person, at, comment }) => ({ status: undefined, at, by: person, comment, isApproval: true }));
}

/** What one person said. @param {import("../model/request-view.js").Person | undefined} person @param {string} comment */
function act(person, comment) {
  return JSON.stringify([person?.objectId, comment]);
}

/** Without all times, the order in which they came is all that is known. @param {Entry[]} entries */
function byTime(entries) {
  if (entries.some(({ at }) => !at)) return entries;
  return entries.toSorted((a, b) => Number(a.at) - Number(b.at));
}

/** @param {Entry} entry @param {import("ocisign").Profile | undefined} profile */
function entry({ status, at, by, comment, isApproval, isSeen }, profile) {
  const words = strings.signing;
  const time = at ? moment(at, isSeen ? words.seenAt(fullTime(at)) : undefined) : strings.common.unknownTime;
  return html`<p class="row">
      ${isApproval ? html`<span class="state">${words.approvedBy}</span>` : mark(status, profile)}
      <span class="small muted">${time}</span>
    </p>
    ${by ? html`<p class="small">${by.name ? prose(by.name) : words.unknownPerson}</p>` : nothing}
    ${comment ? html`<blockquote>${prose(comment)}</blockquote>` : nothing}`;
}

/** @param {unknown} status @param {import("ocisign").Profile | undefined} profile */
function mark(status, profile) {
  if (Number.isSafeInteger(status)) return stateMark(decodeStatus(Number(status), profile));
  return html`<span class="state">${exact(asText(status))}</span>`;
}
