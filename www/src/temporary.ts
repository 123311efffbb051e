// Until the package has it. To be deleted then: `checkUrl` comes from "ocisign".
import { OcisignError } from "ocisign";

const loopback = /^(localhost|([a-z0-9-]+\.)+localhost|127(\.(0|[1-9]\d{0,2})){3}|\[::1\])(:\d+)?$/i;

/** A URL that secrets may be sent to: https, or http on this machine. */
export function checkUrl(text: string, what: string): string {
  const [, scheme, authority = "", path = ""] =
    /^(https?):\/\/([^/?#@\\\s]+)(\/[^?#\\\s]*)?$/.exec(text) ?? [];
  if (scheme === "https" || (scheme === "http" && loopback.test(authority)))
    return `${scheme}://${authority}${path}`;
  throw new OcisignError("bad-url", `${what} does not begin with https://.`, "Use an https address.");
}
