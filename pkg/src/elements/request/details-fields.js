// The fields for what approvers read beside the image.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { strings } from "../strings/index.ts";
import { oddity } from "./details.js";

/**
 * @typedef {import("./details.js").Details} Details @typedef {import("./details.js").Row} Row
 *
 * @typedef {object} On
 * @property {(change: Partial<Details>) => void} change
 * @property {() => void} addRow
 * @property {(row: Row) => void} removeRow
 */

/** @param {Details} details @param {On} on */
export function detailsFields(details, on) {
  const words = strings.request;
  return html`<fieldset class="stack" part="details">
    <legend><h3>${words.details}</h3></legend>
    <div class="field">
      <label for="description">${words.description}</label>
      <textarea id="description" part="field" class="short" aria-describedby="description-hint"
        .value=${live(details.description)}
        @input=${(/** @type {any} */ event) => on.change({ description: event.target.value })}></textarea>
      <p id="description-hint" class="hint">${words.descriptionHint}</p>
    </div>
    ${line("name", words.name, details.name, "OCI signing", (name) => on.change({ name }))}
    ${metadata(details.metadata, on)}
    <details>
      <summary>${words.advanced}</summary>
      <div class="field">
        ${line("payload-name", words.payloadName, details.payloadName, "OCI sign request", (payloadName) => on.change({ payloadName }), "payload-name-hint")}
        <p id="payload-name-hint" class="hint">${words.payloadNameHint}</p>
      </div>
    </details>
  </fieldset>`;
}

/** @param {string} id @param {string} label @param {string} value @param {string} byDefault @param {(value: string) => void} change @param {string} [hint] */
function line(id, label, value, byDefault, change, hint) {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <input id=${id} part="field" autocomplete="off" placeholder=${byDefault} aria-describedby=${hint ?? nothing}
      .value=${live(value)} @input=${(/** @type {any} */ event) => change(event.target.value)} />
  </div>`;
}

/** @param {readonly Row[]} rows @param {On} on */
function metadata(rows, on) {
  const words = strings.request;
  return html`<fieldset class="stack tight" part="metadata" aria-describedby="metadata-hint">
    <legend class="label">${words.metadata}</legend>
    <p id="metadata-hint" class="hint">${words.metadataHint}</p>
    ${repeat(
      rows,
      ({ key }) => key,
      (row, index) => metadataRow(rows, row, index + 1, on),
    )}
    <p><button type="button" id="add-row" class="small" @click=${on.addRow}>${words.addRow}</button></p>
  </fieldset>`;
}

/** @param {readonly Row[]} rows @param {Row} row @param {number} number @param {On} on */
function metadataRow(rows, row, number, on) {
  const words = strings.request;
  const odd = oddity(rows, row);
  const oddId = `odd-${row.key}`;
  const cell = (/** @type {"name" | "value"} */ part, /** @type {string} */ label) => html`
    <input id=${`${part}-${row.key}`} part="field" autocomplete="off" placeholder=${label}
      aria-label=${`${words.metadata}: ${label}, ${words.row(number)}`}
      aria-invalid=${part === "name" && odd === "nameless" ? "true" : nothing}
      aria-describedby=${odd ? oddId : nothing}
      .value=${live(row[part])}
      @keydown=${(/** @type {KeyboardEvent} */ event) => onEnter(event, on.addRow)}
      @input=${(/** @type {any} */ event) => on.change({ metadata: changed(rows, row, { [part]: event.target.value }) })} />`;
  return html`<div class="metadata-row">
    ${cell("name", words.metadataName)} ${cell("value", words.metadataValue)}
    <button type="button" class="small" aria-label=${`${words.removeRow} ${words.row(number)}`} @click=${() => on.removeRow(row)}>
      ${words.removeRow}
    </button>
    ${odd ? html`<p id=${oddId} class="small ${odd === "nameless" ? "bad" : "warn"}">${words.oddities[odd]}</p>` : nothing}
  </div>`;
}

/** Enter in a row begins the next one; the form is sent by its button. @param {KeyboardEvent} event @param {() => void} addRow */
function onEnter(event, addRow) {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  addRow();
}

/** @param {readonly Row[]} rows @param {Row} row @param {Partial<Row>} change */
function changed(rows, row, change) {
  return rows.map((it) => (it.key === row.key ? { ...it, ...change } : it));
}
