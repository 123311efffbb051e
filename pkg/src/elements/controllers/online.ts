import type { ReactiveControllerHost } from "lit";

/**
 * A reactive controller that knows whether the browser thinks that there is a network, and draws its host when that
 * changes.
 */
export class Online {
  #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get isOffline() {
    return !navigator.onLine;
  }

  hostConnected() {
    addEventListener("online", this.#changed);
    addEventListener("offline", this.#changed);
  }

  hostDisconnected() {
    removeEventListener("online", this.#changed);
    removeEventListener("offline", this.#changed);
  }

  #changed = () => this.#host.requestUpdate();
}
