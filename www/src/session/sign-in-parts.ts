// What <page-sign-in> shows, piece by piece.
import { html, nothing } from "lit";
import { OcisignError } from "ocisign";
import { visibleText } from "../../../pkg/src/shown/hidden-characters.ts";
import { type NameSources, nameAmong } from "../../../pkg/src/shown/names.ts";
import type { Claims } from "./claims.ts";
import type { SandboxRole } from "./sandbox-people.ts";
import type { Session } from "./session.ts";
import { SignInError } from "./sign-in-error.ts";
import { strings } from "./strings.ts";

/**
 * Who is signed in: a button with the name, which opens what else is known of the person.
 *
 * @param leaving the ways to be somebody else, or nobody
 */
export function personPart(session: Session, names: NameSources, leaving: unknown) {
  const { identity, expiresAt } = session;
  const name = nameIn(session, names);
  const isTaken = !isOfNobody(session);
  const who = whoIs(session, name);
  const shown = name === undefined ? (isTaken ? strings.someone : strings.nobody) : visibleText(name);
  return html`
    <button type="button" class="who" popovertarget="person" title=${shown}>
      <span class="avatar" aria-hidden="true">${initials(name)}</span>
      <span class="name" aria-hidden="true">${shown}</span>
      <span class="unseen">${who}</span>
    </button>
    <div id="person" popover class="stack" role="group" aria-label=${strings.who}>
      <h2>${shown}</h2>
      ${
        isTaken
          ? html`<dl class="facts">
              <dt>${strings.until}</dt>
              <dd>${expiresAt ? timePart(expiresAt) : strings.untilUnknown}</dd>
              ${identity ? identityPart(identity, names) : nothing}
            </dl>`
          : nothing
      }
      <div class="row">${leaving}</div>
    </div>
  `;
}

/** Who a token that was never taken is about is nobody's word. */
function isOfNobody({ isRefused, isKnown }: Session) {
  return isRefused && !isKnown;
}

function nameIn(session: Session, names: NameSources) {
  const { identity } = session;
  if (isOfNobody(session)) return undefined;
  const id = identity?.objectId;
  return identity?.name || nameAmong(names, "people", id) || id || undefined;
}

function whoIs(session: Session, name: string | undefined) {
  if (isOfNobody(session)) return strings.notTaken;
  return name === undefined ? strings.youUnknown : strings.you(visibleText(name));
}

/** `AO` of `Approver one`. */
function initials(name: string = "") {
  const first = name.match(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu) ?? [];
  return first.slice(0, 2).join("").toUpperCase() || "?";
}

/** By what the service knows the person. */
function identityPart({ objectId = "", groups }: Claims, names: NameSources) {
  return html`
    <dt>${strings.objectId}</dt>
    <dd><code>${visibleText(objectId, "exact")}</code></dd>
    <dt>${strings.groups}</dt>
    <dd>${groupsPart(groups, names)}</dd>
  `;
}

/** More would push the ways out of the panel: a company can have hundreds. */
const fewGroups = 5;

function groupsPart(groups: string[] | undefined, names: NameSources) {
  if (!groups) return strings.groupsUnknown;
  if (groups.length === 0) return strings.noGroups;
  const list = html`<ul>${groups.map((group) => html`<li>${groupPart(group, names)}</li>`)}</ul>`;
  if (groups.length <= fewGroups) return list;
  return html`<details><summary>${strings.manyGroups(groups.length)}</summary>${list}</details>`;
}

/** Its name, and the id that the service decides by. */
function groupPart(group: string, names: NameSources) {
  const name = nameAmong(names, "groups", group);
  return html`${name === undefined ? nothing : html`${visibleText(name)} `}<code class=${name === undefined ? "" : "muted"}>${visibleText(group, "exact")}</code>`;
}

function timePart(date: Date) {
  return html`<time datetime=${date.toISOString()}>${strings.time(date)}</time>`;
}

interface Ways {
  /** The sandbox's. */
  people: SandboxRole[];
  /** Its host. */
  issuer: string | undefined;
  onPerson(role: string): void;
  onIssuer(): void;
  onToken(event: SubmitEvent): void;
}

/** The ways to sign in. */
export function waysPart({ people, issuer, onPerson, onIssuer, onToken }: Ways) {
  return html`<div class="ways">
    ${people.length > 0 ? peoplePart(people, onPerson) : nothing}
    ${issuer ? html`<p>${mainButtonPart(strings.signInWith(issuer), onIssuer)}</p>` : nothing}
    <form class="stack tight" autocomplete="off" @submit=${onToken}>
      <label for="token">${strings.token}</label>
      <div class="token">
        <input id="token" name="token" type="password" autocomplete="off" spellcheck="false" required
          aria-describedby="token-hint">
        <button type="submit">${strings.useToken}</button>
      </div>
      <p class="hint" id="token-hint">${strings.tokenHint}</p>
    </form>
  </div>`;
}

function peoplePart(people: SandboxRole[], onPerson: Ways["onPerson"]) {
  return html`
    <fieldset>
      <legend>${strings.people}</legend>
      <div class="row">${people.map(({ name, role }) => buttonPart(visibleText(name), () => onPerson(role)))}</div>
    </fieldset>
  `;
}

/** The one that most want. */
export function mainButtonPart(text: string, onClick: () => void) {
  return html`<button type="button" class="primary" @click=${onClick}>${text}</button>`;
}

export function buttonPart(text: string, onClick: () => void) {
  return html`<button type="button" @click=${onClick}>${text}</button>`;
}

/** What went wrong, and what to do, if it says that. */
export function problemPart(problem: unknown) {
  if (problem === undefined) return nothing;
  const message = problem instanceof Error ? problem.message : String(problem);
  const fix = problem instanceof SignInError || problem instanceof OcisignError ? problem.fix : "";
  return html`<p class="notice bad" role="alert">${visibleText(message)} ${visibleText(fix)}</p>`;
}
