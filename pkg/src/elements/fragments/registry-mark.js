// That an image's registry is the one that the product signs for.
import { html } from "lit";
import { strings } from "../strings/index.ts";

export function registryMark() {
  return html`<span class="state good"><span aria-hidden="true">✓ </span>${strings.common.productsRegistry}</span>`;
}
