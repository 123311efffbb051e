// The custom elements. Importing this registers them.
import { OcisignApprovals } from "./approvals.js";
import { define } from "./define.js";
import { OcisignRequest } from "./request.js";
import { OcisignSigning } from "./signing.js";
import { OcisignVerify } from "./verify.js";

export { setStrings, strings } from "./strings/index.ts";
export { OcisignApprovals, OcisignRequest, OcisignSigning, OcisignVerify };

define("ocisign-approvals", OcisignApprovals);
define("ocisign-request", OcisignRequest);
define("ocisign-signing", OcisignSigning);
define("ocisign-verify", OcisignVerify);
