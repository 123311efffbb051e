// What the page's own Content-Security-Policy kept the page from reading. A browser says it by an event alone: the error of
// a call looks the same as for a registry that is away.
import type { ReactiveControllerHost } from "lit";

/** The number of origins that are remembered. */
const most = 100;

/** Of this page, since it was opened. */
const blocked: Set<string> = new Set();

/** The elements on the page. The event may come after the error that it explains. */
const hosts: Set<ReactiveControllerHost> = new Set();

/** A reactive controller that draws its host again when something was blocked. */
export class Policy {
  #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  hostConnected() {
    if (hosts.size === 0) document.addEventListener("securitypolicyviolation", note);
    hosts.add(this.#host);
  }

  hostDisconnected() {
    hosts.delete(this.#host);
    if (hosts.size === 0) document.removeEventListener("securitypolicyviolation", note);
  }
}

/** The origin that a text names and that the page's policy blocks, if it does. */
export function blockedIn(text: string): string | undefined {
  return [...blocked].find((origin) => text.includes(new URL(origin).host));
}

function note({ effectiveDirective, blockedURI, disposition }: SecurityPolicyViolationEvent) {
  if (effectiveDirective !== "connect-src" || disposition !== "enforce" || blocked.size >= most) return;
  if (!URL.canParse(blockedURI)) return;
  blocked.add(new URL(blockedURI).origin);
  for (const host of hosts) host.requestUpdate();
}
