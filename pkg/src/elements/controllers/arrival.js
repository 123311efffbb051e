// Leads the focus to an element's heading, which may not be drawn yet when a person is sent there.

/** A reactive controller. Until there is a heading the shell around all holds the focus, so that it is not lost. */
export class Arrival {
  #host;
  #isAwaited = false;

  /** @param {import("lit").LitElement} host */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    const heading = this.#heading();
    this.#isAwaited = heading === null;
    take(heading ?? this.#shell(), options);
  }

  hostUpdated() {
    const heading = this.#isAwaited ? this.#heading() : null;
    if (!heading) return;
    this.#isAwaited = false;
    // Whoever has gone on elsewhere since is not called back.
    if (this.#host.shadowRoot?.activeElement === this.#shell()) take(heading);
    this.#shell().removeAttribute("tabindex");
  }

  #shell() {
    return /** @type {HTMLElement} */ (this.#host.renderRoot);
  }

  /** @returns {HTMLElement | null} */
  #heading() {
    return this.#shell().querySelector("h2");
  }
}

/** @param {HTMLElement} place @param {FocusOptions} [options] */
function take(place, options) {
  place.tabIndex = -1;
  place.focus(options);
}
