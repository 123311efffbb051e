import { html } from "lit";
import { OcisignElement } from "./base.js";

/** `<ocisign-signing>` */
export class OcisignSigning extends OcisignElement {
  render() {
    return html`${this.problem(this.error)}${this.liveRegion()}`;
  }
}
