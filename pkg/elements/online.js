/** Whether the browser has a network, as far as it knows. A reactive controller. */
export class Online {
  is = true;
  /** @type {import("lit").ReactiveControllerHost} */
  #host;

  /** @param {import("lit").ReactiveControllerHost} host */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected() {
    addEventListener("online", this.#look);
    addEventListener("offline", this.#look);
    this.#look();
  }

  hostDisconnected() {
    removeEventListener("online", this.#look);
    removeEventListener("offline", this.#look);
  }

  #look = () => {
    this.is = navigator.onLine;
    this.#host.requestUpdate();
  };
}
