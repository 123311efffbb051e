// Who else accepts the image that was verified, as a table that a person opens.
import { css, html, nothing } from "lit";
import type { PublicKey, Verification } from "ocisign";
import { type Acceptance, whoAccepts } from "../../accepts/index.ts";
import { drawnOnceOpened } from "../fragments/unfolding.ts";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";

type CopyButton = (what: string, text: string) => unknown;

export function acceptances(result: Verification, keys: readonly PublicKey[], copyButton: CopyButton) {
  if (result.state === "unreachable" || keys.length === 0) return nothing;
  const words = strings.verify.accepts;
  const table = drawnOnceOpened(words.title, () => {
    const all = whoAccepts(result, { keys });
    return html`<div class="stack tight">
      <p class="small">${words.hint}</p>
      <table class="accepts" role="table">
        <thead role="rowgroup"><tr role="row">
          ${words.heads.map((head) => html`<th role="columnheader" scope="col">${head}</th>`)}
        </tr></thead>
        <tbody role="rowgroup">${all.map((one) => row(one, verificationHasKeys(result), copyButton))}</tbody>
      </table>
    </div>`;
  });
  return html`<div class="who-accepts">${table}</div>`;
}

/** Did several keys sign, so that each row has to name its own? */
function verificationHasKeys({ keys }: Verification): boolean {
  return keys.length > 1;
}

const tones = { accepts: "good", refuses: "bad", unknown: "warn" } as const;
const signs = { accepts: "✓", refuses: "✕", unknown: "?" } as const;

function row(one: Acceptance, namesKey: boolean, copyButton: CopyButton) {
  const words = strings.verify.accepts;
  const { name, usedBy, how, versions, verdict, why, mends, key } = one;
  return html`<tr role="row" data-tool=${one.id}>
    <th role="rowheader" scope="row">${name} ${versions.join(", ")}
      <span class="muted small">${usedBy === undefined ? nothing : html`${usedBy}; `}${how}</span>
      ${namesKey && key ? html`<span class="small">${exact(key)}</span>` : nothing}</th>
    <td role="cell"><span class="state ${tones[verdict]}"><span
      aria-hidden="true">${signs[verdict]} </span>${words.verdicts[verdict]}</span></td>
    <td role="cell">${prose(why)}
      ${mends.map(
        ({ what, command }) => html`<p class="small">${what}</p>
          <p class="row">${exact(command)} ${copyButton(words.command, command)}</p>`,
      )}</td>
  </tr>`;
}

export const acceptsStyles = css`
  /* Away from a button to copy, which is higher than its line. */
  .who-accepts {
    margin-block-start: 0.5rem;
  }
  .accepts {
    inline-size: 100%;
    border-collapse: collapse;
  }
  .accepts th,
  .accepts td {
    padding: 0.375rem 0.75rem 0.375rem 0;
    border-block-end: 1px solid var(--o-line);
    text-align: start;
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  .accepts th span {
    display: block;
    font-weight: 400;
  }
  .accepts td .state {
    white-space: nowrap;
  }
  @media (max-width: 40rem) {
    .accepts thead {
      position: absolute;
      clip-path: inset(50%);
    }
    .accepts tr,
    .accepts th,
    .accepts td {
      display: block;
    }
    .accepts th,
    .accepts tr > td:nth-child(2) {
      border-block-end: 0;
      padding-block-end: 0;
    }
  }
`;
