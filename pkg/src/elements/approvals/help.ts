// What the keys do and what a search understands, in a dialog; and the way to turn the keys off.
import { html } from "lit";
import { strings } from "../strings/index.ts";
import { conditionNames } from "./search.ts";

/** @param onShortcuts told when the person turns the keys on or off */
export function help({ isOn, onShortcuts }: { isOn: boolean; onShortcuts: (isOn: boolean) => void }) {
  const { helpTitle, keysTitle, keys, shortcuts, shortcutsHint, searchTitle, conditions, closeHelp } =
    strings.approvals;
  return html`<dialog id="help" aria-labelledby="help-title" part="help">
    <form method="dialog" class="stack">
      <h2 id="help-title" tabindex="-1" autofocus>${helpTitle}</h2>
      <h3>${searchTitle}</h3>
      <dl class="help">
        ${conditionNames.map((name) => html`<dt><code>${name}:</code></dt><dd>${conditions[name]}</dd>`)}
      </dl>
      <h3>${keysTitle}</h3>
      <dl class="help">
        ${Object.entries(keys).map(([key, does]) => html`<dt><kbd>${key}</kbd></dt><dd>${does}</dd>`)}
      </dl>
      <label class="row">
        <input
          type="checkbox"
          .checked=${isOn}
          @change=${({ target }: Event) => onShortcuts((target as HTMLInputElement).checked)}
        />
        ${shortcuts}
      </label>
      <p class="hint">${shortcutsHint}</p>
      <div><button type="submit">${closeHelp}</button></div>
    </form>
  </dialog>`;
}
