// The places of index.html that the page fills.
import type {
  OcisignActivity,
  OcisignApprovals,
  OcisignBatch,
  OcisignRequest,
  OcisignSigning,
  OcisignVerify,
} from "ocisign/elements";
import type { PageSignIn } from "./session/sign-in.ts";

/** By their ids. */
interface Places {
  activity: OcisignActivity;
  back: HTMLAnchorElement;
  batch: OcisignBatch;
  detail: OcisignSigning;
  "detail-side": HTMLElement;
  failure: HTMLElement;
  icon: HTMLLinkElement;
  "person-place": HTMLElement;
  queue: OcisignApprovals;
  request: OcisignRequest;
  "review-count": HTMLElement;
  "review-said": HTMLElement;
  "sandbox-note": HTMLElement;
  "sign-in": PageSignIn;
  "sign-in-place": HTMLElement;
  starting: HTMLElement;
  verify: OcisignVerify;
  views: HTMLElement;
  waits: HTMLElement;
  welcome: HTMLElement;
  "welcome-title": HTMLElement;
}

export function byId<Id extends keyof Places>(id: Id): Places[Id] {
  const found = document.getElementById(id);
  if (!found) throw new Error(`This page has no element with the id ${id}.`);
  // Which element it is, index.html says; the compiler does not read that.
  return found as Places[Id];
}
