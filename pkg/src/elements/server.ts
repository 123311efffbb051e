// In place of the elements where pages are drawn before a browser sees them: there are no elements there, and the
// import must not fail.
export { prefillOf } from "./request/prefill.ts";
export { setStrings, strings } from "./strings/index.ts";

/** A program that makes one without a page learns it at once. */
class NoElement {
  constructor() {
    throw new Error(
      "There are no custom elements here, so none of ocisign's can be made. In a test, use an environment with a DOM, such as jsdom.",
    );
  }
}

export class OcisignActivity extends NoElement {}
export class OcisignApprovals extends NoElement {}
export class OcisignBatch extends NoElement {}
export class OcisignChanges extends NoElement {}
export class OcisignRequest extends NoElement {}
export class OcisignSigning extends NoElement {}
export class OcisignVerify extends NoElement {}
