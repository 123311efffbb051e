// Who has approved, and who is missing.
import { html, nothing } from "lit";
import { asText } from "../../shown/as-text.ts";
import { needsOf } from "../../shown/needs.ts";
import { operationOf } from "../../shown/product-view.ts";
import type { Agreement, RequestView } from "../../shown/request-view.ts";
import { fact, moment, wideFact } from "../fragments/facts.ts";
import { inSteps } from "../fragments/unfolding.ts";
import { areSame, shared } from "../model/groups.ts";
import { strings } from "../strings/index.ts";
import { prose } from "../text/text-element.ts";
import { extras } from "./extras.ts";
import type { SigningPage } from "./page.ts";

/** The number of entries that are shown at once. */
const step = 50;

export function agreements(element: SigningPage) {
  const words = strings.signing;
  const { now } = element;
  if (!now) return nothing;
  const { approvals } = now;
  return html`<section class="part stack tight" aria-labelledby="approvals" part="approvals">
    <p class="row tight"><span role="heading" aria-level="3" id="approvals" class="heading">${words.approvals}</span>
      ${now.signing.final ? nothing : html`<span class="hint" data-live>${words.live}</span>`}</p>
    <dl class="facts pairs">
      ${given(element, approvals)}
      ${missing(element)} ${required(element)}
    </dl>
    ${extras(words.liveExtras, now.liveExtras)}
  </section>`;
}

function given(element: SigningPage, approvals: readonly Agreement[]) {
  const { approvedBy, noApprovals, nobodyYet } = strings.signing;
  if (approvals.length > 0) {
    return wideFact(
      approvedBy,
      inSteps(approvals, (one: Agreement) => agreement(one, element), step),
    );
  }
  const words = element.now?.signing.final ? noApprovals : nobodyYet;
  return fact(approvedBy, html`<span class="muted">${words}</span>`);
}

function agreement({ person, groups, at, comment }: Agreement, element: SigningPage) {
  const { now } = element;
  // A person's other groups say nothing about this request.
  const counted = now?.required ? shared(groups, now.required) : groups;
  return html`<p class="dots">
      <span><span class="good" aria-hidden="true">✓ </span><strong>${element.callings.person(person)}</strong></span>
      ${counted.length > 0 ? html`<span>${inRow(counted, element)}</span>` : nothing}
      ${at ? html`<span class="muted small">${moment(at)}</span>` : nothing}
    </p>
    ${comment ? html`<blockquote>${prose(comment)}</blockquote>` : nothing}`;
}

function missing(element: SigningPage) {
  const words = strings.signing;
  const { now, shown, findings } = element;
  if (now?.signing.final) return nothing;
  if (now?.missing?.length === 0) return fact(words.missing, words.noneMissing);
  const draw = (group: string) => missingGroup(group, element);
  if (now?.missing) return named(isOneEnough(now) ? words.missingAny : words.missing, now.missing, draw);
  const operation = operationOf(findings.shownProduct.value, shown?.signing.idProductOperation);
  const rule: unknown = operation?.approvalRule?.approvalGroups;
  const ruled = Array.isArray(rule) ? named(words.ruleSays, rule.map(asText), draw) : nothing;
  return html`${fact(words.missing, html`<span class="muted">${words.missingUnknown}</span>`)}${ruled}`;
}

/** The rule of the request, where the groups that are missing do not tell it: a decision is bound to the rule alone. */
function required(element: SigningPage) {
  const words = strings.signing;
  const { now, shown } = element;
  const { required: groups = [] } = shown ?? {};
  const [few, left] = [groups.slice(0, step), groups.slice(step)];
  const isTold = left.length === 0 && areSame(groups, now?.missing ?? []);
  if (groups.length === 0 || isTold) return nothing;
  const title = shown && isOneEnough(shown) ? words.requiredAny : words.required;
  return html`${named(title, few, (group) => element.callings.group(group))}
    ${left.length > 0 ? fact(words.furtherGroups, prose(asText(left))) : nothing}`;
}

function isOneEnough({ signing }: RequestView) {
  return needsOf(signing) === "any";
}

function named(title: string, groups: readonly string[], draw: (group: string) => unknown) {
  return fact(title, html`<div class="in-row">${inSteps(groups, draw, step)}</div>`);
}

function missingGroup(group: string, element: SigningPage) {
  return html`<span class="warn" aria-hidden="true">○ </span>${element.callings.group(group)}`;
}

function inRow(groups: readonly string[], element: SigningPage) {
  return groups
    .slice(0, step)
    .map((group, index) => html`${index > 0 ? ", " : nothing}${element.callings.group(group)}`);
}
