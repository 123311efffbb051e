// What <page-sign-in> shows, piece by piece.
import { html, nothing } from "lit";
import { visibleText } from "../../../pkg/src/elements/text/hidden-characters.ts";
import { strings } from "./strings.js";

/** Who is signed in, and until when. @param {import("./session.js").Session} session */
export function personPart({ identity, expiresAt }) {
  const name = identity?.name ?? identity?.objectId;
  return html`
    <p>
      <strong>${name ? strings.you(visibleText(name)) : strings.youUnknown}</strong>
      <span class="muted">${strings.until} ${expiresAt ? timePart(expiresAt) : strings.untilUnknown}</span>
    </p>
    ${identity ? identityPart(identity) : nothing}
  `;
}

/** By what the service knows the person. @param {import("./claims.js").Claims} identity */
function identityPart({ objectId = "", groups }) {
  return html`
    <details>
      <summary>${strings.idAndGroups}</summary>
      <dl class="facts">
        <dt>${strings.objectId}</dt>
        <dd><code>${visibleText(objectId, "exact")}</code></dd>
        <dt>${strings.groups}</dt>
        <dd>${groupsPart(groups)}</dd>
      </dl>
    </details>
  `;
}

/** More would push the page away: a company can have hundreds. */
const fewGroups = 5;

/** @param {string[]} groups */
function groupsPart(groups) {
  if (groups.length === 0) return strings.noGroups;
  const list = html`<ul>${groups.map((group) => html`<li><code>${visibleText(group, "exact")}</code></li>`)}</ul>`;
  if (groups.length <= fewGroups) return list;
  return html`<details><summary>${strings.manyGroups(groups.length)}</summary>${list}</details>`;
}

/** @param {Date} date */
function timePart(date) {
  return html`<time datetime=${date.toISOString()}>${strings.time(date)}</time>`;
}

/**
 * The ways to sign in.
 *
 * @param {object} ways
 * @param {{ name: string, role: string }[]} ways.people the sandbox's
 * @param {string | undefined} ways.issuer its host
 * @param {(role: string) => void} ways.onPerson
 * @param {() => void} ways.onIssuer
 * @param {(event: SubmitEvent) => void} ways.onToken
 */
export function waysPart({ people, issuer, onPerson, onIssuer, onToken }) {
  return html`<div class="ways">
    ${people.length > 0 ? peoplePart(people, onPerson) : nothing}
    ${issuer ? html`<p>${mainButtonPart(strings.signInWith(issuer), onIssuer)}</p>` : nothing}
    <form class="stack tight" autocomplete="off" @submit=${onToken}>
      <label for="token">${strings.token}</label>
      <div class="token">
        <input id="token" name="token" type="password" autocomplete="off" spellcheck="false" required aria-describedby="token-hint">
        <button type="submit">${strings.useToken}</button>
      </div>
      <p class="hint" id="token-hint">${strings.tokenHint}</p>
    </form>
  </div>`;
}

/** @param {{ name: string, role: string }[]} people @param {(role: string) => void} onPerson */
function peoplePart(people, onPerson) {
  return html`
    <fieldset>
      <legend>${strings.people}</legend>
      <div class="row">${people.map(({ name, role }) => buttonPart(visibleText(name), () => onPerson(role)))}</div>
    </fieldset>
  `;
}

/** The one that most want. @param {string} text @param {() => void} onClick */
export function mainButtonPart(text, onClick) {
  return html`<button type="button" class="primary" @click=${onClick}>${text}</button>`;
}

/** @param {string} text @param {() => void} onClick */
export function buttonPart(text, onClick) {
  return html`<button type="button" @click=${onClick}>${text}</button>`;
}

/** @param {(Error & { fix?: string }) | undefined} problem */
export function problemPart(problem) {
  return problem
    ? html`<p class="notice bad" role="alert">${visibleText(problem.message)} ${visibleText(problem.fix ?? "")}</p>`
    : nothing;
}
