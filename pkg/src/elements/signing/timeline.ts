// What happened, and when: by the service's own history, or else by what this page saw itself.
import { html, nothing } from "lit";
import { decodeStatus, type Profile } from "ocisign";
import { asText } from "../../shown/as-text.ts";
import type { Person, RequestView } from "../../shown/request-view.ts";
import { moment } from "../fragments/facts.ts";
import { stateMark } from "../fragments/marks.ts";
import { inSteps } from "../fragments/unfolding.ts";
import { once } from "../model/once.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import { fullTime } from "../text/time.ts";
import type { Sight, SigningPage } from "./page.ts";

export type Entry = {
  status: unknown;
  at?: Date | undefined;
  by?: Person | undefined;
  comment: string;
  isApproval?: boolean;
  isSeen?: boolean;
};

/** The number of entries that are shown at once. */
const step = 50;

export function timeline(element: SigningPage) {
  const words = strings.signing;
  const { now, sights } = element;
  if (!now) return nothing;
  const draw = (it: Entry) => entry(it, element);
  // Whoever looks at a request that has ended wants to know how.
  return html`<details part="timeline" ?open=${now.signing.final}>
    <summary>${words.timeline}</summary>
    ${inSteps(entriesOf(now, sights), draw, step)}
  </details>`;
}

const entriesOf: (now: RequestView, sights: readonly Sight[]) => Entry[] = once((now, sights) =>
  byTime([...steps(now, sights), ...approvals(now)]),
);

function steps({ history }: RequestView, sights: readonly Sight[]): Entry[] {
  return history.length > 0
    ? history
    : sights.map(({ code, at }) => ({ status: code, at, comment: "", isSeen: true }));
}

/** Approvals that are not told as steps already. */
function approvals({ approvals, history }: RequestView): Entry[] {
  const told = new Set(history.map(({ by, comment }) => act(by, comment)));
  return approvals
    .filter(({ person, comment }) => !person.objectId || !told.has(act(person, comment)))
    .map(({ person, at, comment }) => ({ status: undefined, at, by: person, comment, isApproval: true }));
}

/** What one person said. */
function act(person: Person | undefined, comment: string) {
  return JSON.stringify([person?.objectId, comment]);
}

/** Without all times, the order in which they came is all that is known. */
function byTime(entries: Entry[]) {
  if (entries.some(({ at }) => !at)) return entries;
  return entries.toSorted((a, b) => Number(a.at) - Number(b.at));
}

function entry({ status, at, by, comment, isApproval, isSeen }: Entry, element: SigningPage) {
  const words = strings.signing;
  const time = at ? moment(at, isSeen ? words.seenAt(fullTime(at)) : undefined) : strings.common.unknownTime;
  return html`<p class="row">
      ${isApproval ? html`<span class="state">${words.approval}</span>` : mark(status, element.client?.profile)}
      ${by ? element.callings.person(by) : nothing}
      <span class="small muted">${time}</span>
    </p>
    ${comment ? html`<blockquote>${prose(comment)}</blockquote>` : nothing}`;
}

function mark(status: unknown, profile: Profile | undefined) {
  if (Number.isSafeInteger(status)) return stateMark(decodeStatus(Number(status), profile));
  return html`<span class="state">${exact(asText(status))}</span>`;
}
