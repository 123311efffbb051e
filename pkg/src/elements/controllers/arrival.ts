// Leads the focus to an element's heading, which may not be drawn yet when a person is sent there.

import type { LitElement } from "lit";

/** A reactive controller. Until there is a heading the shell around all holds the focus, so that it is not lost. */
export class Arrival {
  #host;
  #isAwaited = false;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  focus(options?: FocusOptions) {
    const heading = this.#heading();
    this.#isAwaited = heading === null;
    take(heading ?? this.#shell(), options);
  }

  hostUpdated() {
    const heading = this.#isAwaited ? this.#heading() : null;
    if (!heading) return;
    this.#isAwaited = false;
    // A person who has moved on since is not called back.
    if (this.#host.shadowRoot?.activeElement === this.#shell()) take(heading);
    this.#shell().removeAttribute("tabindex");
  }

  #shell() {
    // Elements of ours draw into a `div` (base.ts).
    return this.#host.renderRoot as HTMLElement;
  }

  #heading(): HTMLElement | null {
    return this.#shell().querySelector("h2");
  }
}

function take(place: HTMLElement, options?: FocusOptions) {
  place.tabIndex = -1;
  place.focus(options);
}
