import { html } from "lit";
import { OcisignElement } from "./base.js";

/** `<ocisign-approvals>` */
export class OcisignApprovals extends OcisignElement {
  render() {
    return html`${this.problem(this.error)}${this.liveRegion()}`;
  }
}
