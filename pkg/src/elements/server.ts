// In place of the elements where pages are drawn before a browser sees them: there are no elements there, and the
// import must not fail.
export { setStrings, strings } from "./strings/index.ts";

export class OcisignApprovals {}
export class OcisignRequest {}
export class OcisignSigning {}
export class OcisignVerify {}
