// Who has approved, and who is missing.
import { html, nothing } from "lit";
import { moment } from "../fragments/facts.js";
import { inSteps } from "../fragments/unfolding.js";
import { shared } from "../model/groups.js";
import { operationOf } from "../model/product.js";
import { strings } from "../strings/index.ts";
import { asText } from "../text/as-text.ts";
import { exact, prose } from "../text/text-element.ts";
import { groupMark } from "./groups.js";

/** So many are shown at once. */
const step = 50;

/** @param {import("../signing.js").OcisignSigning} element */
export function agreements(element) {
  const words = strings.signing;
  const { now } = element;
  if (!now) return nothing;
  const { approvals } = now;
  return html`<section class="panel stack" aria-labelledby="approvals" part="approvals">
    <h3 id="approvals">${words.approvals}</h3>
    ${
      approvals.length > 0
        ? inSteps(approvals, (/** @type {Agreement} */ one) => agreement(one, element), step)
        : html`<p class="muted">${words.nobodyYet}</p>`
    }
    ${missing(element)}
  </section>`;
}

/** @typedef {import("../model/request-view.js").Agreement} Agreement */

/** @param {Agreement} agreement @param {import("../signing.js").OcisignSigning} element */
function agreement({ person, groups, at, comment }, { now, groupNames }) {
  const words = strings.signing;
  // A person's other groups say nothing about this request.
  const counted = now?.required ? shared(groups, now.required) : groups;
  return html`<p>
      <span class="good" aria-hidden="true">✓ </span><strong>${person.name ? prose(person.name) : words.unknownPerson}</strong>
      ${at ? html`<span class="muted small">${moment(at)}</span>` : nothing}
    </p>
    ${person.objectId !== undefined && person.objectId !== person.name ? html`<p class="small muted">${exact(person.objectId)}</p>` : nothing}
    ${counted.length > 0 ? html`<p class="small">${inRow(counted, groupNames)}</p>` : nothing}
    ${comment ? html`<blockquote>${prose(comment)}</blockquote>` : nothing}`;
}

/** @param {import("../signing.js").OcisignSigning} element */
function missing({ now, shown, findings, groupNames }) {
  const words = strings.signing;
  if (now?.signing.final) return nothing;
  if (now?.missing?.length === 0) return html`<p>${words.noneMissing}</p>`;
  if (now?.missing) return named(words.missing, now.missing, groupNames);
  const operation = operationOf(findings.product.value, asText(shown?.signing.idProductOperation));
  /** @type {unknown} */
  const rule = operation?.approvalRule?.approvalGroups;
  const ruled = Array.isArray(rule) ? named(words.ruleSays, rule.map(asText), groupNames) : nothing;
  return html`<p class="muted">${words.missingUnknown}</p>${ruled}`;
}

/** @param {string} title @param {readonly string[]} groups @param {import("../index.js").GroupNames | undefined} names */
function named(title, groups, names) {
  return html`<div class="stack tight tight-list">
    <h4>${title}</h4>
    ${inSteps(groups, (/** @type {string} */ group) => html`<div class="group"><span class="warn" aria-hidden="true">○</span><span>${groupMark(group, names)}</span></div>`, step)}
  </div>`;
}

/** @param {readonly string[]} groups @param {import("../index.js").GroupNames | undefined} names */
function inRow(groups, names) {
  return groups
    .slice(0, step)
    .map((group, index) => html`${index > 0 ? ", " : nothing}${groupMark(group, names)}`);
}
