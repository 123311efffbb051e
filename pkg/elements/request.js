import { html } from "lit";
import { OcisignElement } from "./base.js";

/** `<ocisign-request>` */
export class OcisignRequest extends OcisignElement {
  render() {
    return html`${this.problem(this.error)}${this.liveRegion()}`;
  }
}
