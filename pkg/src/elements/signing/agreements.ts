// Who has approved, and who is missing.
import { html, nothing } from "lit";
import { asText } from "../../shown/as-text.ts";
import type { NameSources } from "../../shown/names.ts";
import { operationOf } from "../../shown/product-view.ts";
import type { Agreement } from "../../shown/request-view.ts";
import { moment } from "../fragments/facts.ts";
import { groupMark, personMark } from "../fragments/named.ts";
import { inSteps } from "../fragments/unfolding.ts";
import { shared } from "../model/groups.ts";
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
  return html`<section class="panel stack" aria-labelledby="approvals" part="approvals">
    <h3 id="approvals">${words.approvals}</h3>
    ${now.signing.final ? nothing : html`<p class="hint" data-live>${words.live}</p>`}
    ${
      approvals.length > 0
        ? inSteps(approvals, (one: Agreement) => agreement(one, element), step)
        : html`<p class="muted">${now.signing.final ? words.noApprovals : words.nobodyYet}</p>`
    }
    ${missing(element)} ${required(element)} ${extras(words.liveExtras, now.liveExtras)}
  </section>`;
}

function agreement({ person, groups, at, comment }: Agreement, { now, names }: SigningPage) {
  // A person's other groups say nothing about this request.
  const counted = now?.required ? shared(groups, now.required) : groups;
  return html`<p class="group">
      <span class="good" aria-hidden="true">✓</span>
      <span><strong>${personMark(person, names)}</strong>
      ${at ? html`<span class="muted small">${moment(at)}</span>` : nothing}</span>
    </p>
    ${counted.length > 0 ? html`<p class="small">${inRow(counted, names)}</p>` : nothing}
    ${comment ? html`<blockquote>${prose(comment)}</blockquote>` : nothing}`;
}

function missing({ now, shown, findings, names }: SigningPage) {
  const words = strings.signing;
  if (now?.signing.final) return nothing;
  if (now?.missing?.length === 0) return html`<p>${words.noneMissing}</p>`;
  const draw = (group: string) => missingGroup(group, names);
  if (now?.missing) return named(words.missing, now.missing, draw);
  const operation = operationOf(findings.shownProduct.value, asText(shown?.signing.idProductOperation));
  const rule: unknown = operation?.approvalRule?.approvalGroups;
  const ruled = Array.isArray(rule) ? named(words.ruleSays, rule.map(asText), draw) : nothing;
  return html`<p class="muted">${words.missingUnknown}</p>${ruled}`;
}

/** The rule of the request, once the groups that are missing do not tell it. */
function required({ now, shown, names }: SigningPage) {
  const groups = shown?.required;
  if (!groups || groups.length === 0 || groups.length === now?.missing?.length) return nothing;
  return named(strings.signing.required, groups, (group) => groupMark(group, names));
}

function named(title: string, groups: readonly string[], draw: (group: string) => unknown) {
  return html`<div class="stack tight tight-list">
    <h4>${title}</h4>
    ${inSteps(groups, draw, step)}
  </div>`;
}

function missingGroup(group: string, names: NameSources) {
  const mark = html`<span class="warn" aria-hidden="true">○</span>`;
  return html`<div class="group">${mark}<span>${groupMark(group, names)}</span></div>`;
}

function inRow(groups: readonly string[], names: NameSources) {
  return groups
    .slice(0, step)
    .map((group, index) => html`${index > 0 ? ", " : nothing}${groupMark(group, names)}`);
}
