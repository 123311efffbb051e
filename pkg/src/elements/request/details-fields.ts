// The fields for what approvers read beside the image.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { valueIn } from "../fragments/event-values.ts";
import { usualPayloadName } from "../model/payload-name.ts";
import { strings } from "../strings/index.ts";
import { type Details, oddity, type Row } from "./details.ts";

export interface On {
  change: (change: Partial<Details>) => void;
  addRow: () => void;
  removeRow: (row: Row) => void;
}

/** @param repository what the request is called unless the person names it */
export function detailsFields(details: Details, repository: string | undefined, on: On) {
  const words = strings.request;
  return html`<fieldset class="stack" part="details">
    <legend><h3>${words.details}</h3></legend>
    <div class="field">
      <label for="description">${words.description}</label>
      <textarea id="description" part="field" class="short" aria-describedby="description-hint"
        .value=${live(details.description)}
        @input=${(event: Event) => on.change({ description: valueIn(event) })}></textarea>
      <p id="description-hint" class="hint">${words.descriptionHint}</p>
    </div>
    ${line("name", words.name, details.name, repository ?? words.nameByDefault, (name) => on.change({ name }))}
    ${metadata(details.metadata, on)}
    <details>
      <summary>${words.advanced}</summary>
      <div class="field">
        ${line(
          ...(["payload-name", words.payloadName, details.payloadName, usualPayloadName] as const),
          (payloadName) => on.change({ payloadName }),
          "payload-name-hint",
        )}
        <p id="payload-name-hint" class="hint">${words.payloadNameHint}</p>
      </div>
    </details>
  </fieldset>`;
}

function line(
  id: string,
  label: string,
  value: string,
  byDefault: string,
  change: (value: string) => void,
  hint?: string,
) {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <input id=${id} part="field" autocomplete="off" placeholder=${byDefault} aria-describedby=${hint ?? nothing}
      .value=${live(value)} @input=${(event: Event) => change(valueIn(event))} />
  </div>`;
}

function metadata(rows: readonly Row[], on: On) {
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

function metadataRow(rows: readonly Row[], row: Row, number: number, on: On) {
  const words = strings.request;
  const odd = oddity(rows, row);
  const oddId = `odd-${row.key}`;
  const cell = (part: "name" | "value", label: string) => html`
    <input id=${`${part}-${row.key}`} part="field" autocomplete="off" placeholder=${label}
      aria-label=${`${words.metadata}: ${label}, ${words.row(number)}`}
      aria-invalid=${part === "name" && odd === "nameless" ? "true" : nothing}
      aria-describedby=${odd ? oddId : nothing}
      .value=${live(row[part])}
      @keydown=${(event: KeyboardEvent) => onEnter(event, on.addRow)}
      @input=${(event: Event) => on.change({ metadata: changed(rows, row, { [part]: valueIn(event) }) })} />`;
  return html`<div class="metadata-row">
    ${cell("name", words.metadataName)} ${cell("value", words.metadataValue)}
    <button type="button" class="small" aria-label=${`${words.removeRow} ${words.row(number)}`}
      @click=${() => on.removeRow(row)}>
      ${words.removeRow}
    </button>
    ${
      odd
        ? html`<p id=${oddId} class="small ${odd === "nameless" ? "bad" : "warn"}">${words.oddities[odd]}</p>`
        : nothing
    }
  </div>`;
}

/** Enter in a row begins the next one; the form is sent by its button. */
function onEnter(event: KeyboardEvent, addRow: () => void) {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  addRow();
}

function changed(rows: readonly Row[], row: Row, change: Partial<Row>) {
  return rows.map((it) => (it.key === row.key ? { ...it, ...change } : it));
}
