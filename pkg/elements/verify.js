import { html } from "lit";
import { OcisignElement } from "./base.js";

/** `<ocisign-verify>` */
export class OcisignVerify extends OcisignElement {
  render() {
    return html`${this.problem(this.error)}${this.liveRegion()}`;
  }
}
