import { html, type ReactiveControllerHost } from "lit";
import { live } from "lit/directives/live.js";
import { isOpenIn, valueIn } from "../fragments/event-values.ts";
import { strings } from "../strings/index.ts";

const empty = { username: "", password: "" };

/**
 * User name and password for a registry, in memory only. Each pair belongs to the registry that it was typed for:
 * another reference must not carry a password to another registry.
 */
export class SignIn {
  #isOpen = false;
  #known: Map<string, { username: string; password: string }> = new Map();
  #host;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  /** As options of a registry; nothing if nothing was typed. */
  optionsFor(registry: string) {
    const { username, password } = this.#known.get(registry) ?? empty;
    return username === "" && password === "" ? {} : { username, password };
  }

  forget() {
    this.#known.clear();
  }

  open() {
    this.#isOpen = true;
    this.#host.requestUpdate();
  }

  template(registry: string) {
    const words = strings.verify;
    const { username, password } = this.#known.get(registry) ?? empty;
    return html`<details .open=${live(this.#isOpen)} @toggle=${this.#toggle}>
      <summary>${words.signIn(registry)}</summary>
      <div class="stack tight">
        <p class="hint" id="sign-in-hint">${words.signInHint}</p>
        <div class="pair">
          <div>
            <label for="username">${words.username}</label>
            <input id="username" part="field" autocomplete="off" autocapitalize="off" spellcheck="false"
              aria-describedby="sign-in-hint" .value=${live(username)} @input=${this.#keep(registry, "username")} />
          </div>
          <div>
            <label for="password">${words.password}</label>
            <input id="password" part="field" type="password" autocomplete="off"
              aria-describedby="sign-in-hint" .value=${live(password)} @input=${this.#keep(registry, "password")} />
          </div>
        </div>
      </div>
    </details>`;
  }

  #toggle = (event: Event) => {
    this.#isOpen = isOpenIn(event);
  };

  #keep(registry: string, name: "username" | "password") {
    return (event: Event) => {
      this.#known.set(registry, { ...(this.#known.get(registry) ?? empty), [name]: valueIn(event) });
    };
  }
}
