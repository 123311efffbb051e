/**
 * Custom elements for pages that request, approve, watch and verify signatures. Importing this module registers them;
 * where a server draws the page the import does nothing.
 *
 * @example
 * ```ts
 * import init, { SigningClient } from "ocisign";
 * import "ocisign/elements";
 *
 * await init();
 * const element = document.createElement("ocisign-approvals");
 * element.client = new SigningClient({ baseUrl: "https://app.laavat.io/acme/api/v1", token: () => portal.token() });
 * element.addEventListener("ocisign-open", ({ detail }) => console.log(detail.id));
 * document.body.append(element);
 * ```
 *
 * @module ocisign/elements
 */
import { OcisignActivity } from "./activity.ts";
import { OcisignApprovals } from "./approvals.ts";
import { OcisignBatch } from "./batch.ts";
import { OcisignChanges } from "./changes.ts";
import { define } from "./define.ts";
import type { OcisignEvents } from "./events.ts";
import { OcisignRequest } from "./request.ts";
import { OcisignSigning } from "./signing.ts";
import { type StringsPart, strings as words } from "./strings/index.ts";
import { OcisignVerify } from "./verify.ts";

export type { ApprovalsFilter, ApprovalsGroup, ApprovalsSort, ApprovalsView } from "./approvals/view.ts";
export type { BatchReceipt, BatchReceiptEntry } from "./batch/receipt.ts";
export type { SeenChanges } from "./changes/seen.ts";
export type {
  BatchDecidedDetail,
  BatchDetail,
  ComparedDetail,
  CountDetail,
  DecidedDetail,
  ErrorDetail,
  ImageDetail,
  OcisignEvents,
  OpenDetail,
  PeriodDetail,
  ReviewDetail,
  ShortcutsDetail,
  SigningDetail,
  VerifiedDetail,
} from "./events.ts";
export type { GroupNames, Identity, PeopleNames, RegistrySource } from "./portal.ts";
export { prefillOf, type RequestPrefill } from "./request/prefill.ts";
export { type StringsPart, setStrings } from "./strings/index.ts";
export {
  OcisignActivity,
  OcisignApprovals,
  OcisignBatch,
  OcisignChanges,
  OcisignRequest,
  OcisignSigning,
  OcisignVerify,
};

/** Every visible string, by element. Elements read them whenever they draw; {@link setStrings} replaces them. */
export const strings: Readonly<Record<StringsPart, Readonly<Record<string, unknown>>>> = words;

declare global {
  interface HTMLElementTagNameMap {
    "ocisign-activity": OcisignActivity;
    "ocisign-request": OcisignRequest;
    "ocisign-approvals": OcisignApprovals;
    "ocisign-batch": OcisignBatch;
    "ocisign-changes": OcisignChanges;
    "ocisign-signing": OcisignSigning;
    "ocisign-verify": OcisignVerify;
  }
  interface HTMLElementEventMap extends OcisignEvents {}
  interface DocumentEventMap extends OcisignEvents {}
}

define("ocisign-activity", OcisignActivity);
define("ocisign-approvals", OcisignApprovals);
define("ocisign-batch", OcisignBatch);
define("ocisign-changes", OcisignChanges);
define("ocisign-request", OcisignRequest);
define("ocisign-signing", OcisignSigning);
define("ocisign-verify", OcisignVerify);
