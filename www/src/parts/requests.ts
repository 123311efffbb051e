// What an approver works in: the queue, and a request of it.
import "./words.ts";
import { OcisignApprovals } from "../../../pkg/src/elements/approvals.ts";
import { define } from "../../../pkg/src/elements/define.ts";
import { OcisignSigning } from "../../../pkg/src/elements/signing.ts";

define("ocisign-approvals", OcisignApprovals);
define("ocisign-signing", OcisignSigning);
