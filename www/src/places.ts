// The places of index.html that the page fills.
import type { OcisignApprovals, OcisignRequest, OcisignSigning, OcisignVerify } from "ocisign/elements";
import type { PageSignIn } from "./session/sign-in.ts";

/** By their ids. */
interface Places {
  back: HTMLAnchorElement;
  detail: OcisignSigning;
  "detail-side": HTMLElement;
  failure: HTMLElement;
  queue: OcisignApprovals;
  request: OcisignRequest;
  "sandbox-note": HTMLElement;
  "sign-in": PageSignIn;
  starting: HTMLElement;
  verify: OcisignVerify;
  views: HTMLElement;
  welcome: HTMLElement;
  "welcome-title": HTMLElement;
}

export function byId<Id extends keyof Places>(id: Id): Places[Id] {
  const found = document.getElementById(id);
  if (!found) throw new Error(`This page has no element with the id ${id}.`);
  // Which element it is, index.html says; the compiler does not read that.
  return found as Places[Id];
}
