/** A reactive controller that knows whether the browser thinks that there is a network, and draws its host when that changes. */
export class Online {
  /** @type {import("lit").ReactiveControllerHost} */
  #host;

  /** @param {import("lit").ReactiveControllerHost} host */
  constructor(host) {
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
