// Which failures of a look pass by themselves, for everybody who looks again and again: the client's waits, and the
// elements. A look that fails says nothing about the request, so a wait goes on through these. All others end it: a
// refusal (401 without another token, 403, 404 and the rest of 4xx), a token that cannot be had, and wrong input.
import { fieldOf } from "../foreign.ts";

// Codes of errors; texts that are compared take fewer bytes than lists.
/** The service, or the way to it, is away for a while. */
const away = /^(network|timeout|server-error|rate-limited) /;
/** Another one answers in the service's place: a proxy, a page of maintenance, or whoever has a mistyped address. */
const stranger = /^(not-json|bad-reply|bad-status|redirected|network .*(certificate|SSL routines).*) /is;

/** `strange`: where the service was never seen, the address may be wrong, and that does not pass. */
export function passes(error: unknown): "yes" | "strange" | "no" {
  const said = `${fieldOf(error, "code")} ${fieldOf(error, "message")} `;
  return stranger.test(said) ? "strange" : away.test(said) ? "yes" : "no";
}

/** Node's and OpenSSL's words for a certificate that is not accepted, or for a port that does not speak TLS. */
export function isOfCertificate(why: string): boolean {
  return passes({ code: "network", message: why }) === "strange";
}
