// Does the service answer, over which TLS, with which clock, and may a page of another origin read it?
import { withoutUrlSecrets } from "../withheld.ts";
import type { Notes } from "./finding.ts";
import type { Secured, Seen, Sight } from "./look.ts";
import { span } from "./words.ts";

/** The client and the service may differ so much: a token's times are compared with less tolerance. */
const tolerableSkewMs = 60_000;
const soonMs = 14 * 24 * 60 * 60_000;

/** @returns whether it answers at all. */
export function judgeAnswer(sight: Sight, notes: Notes): sight is Seen {
  if (sight.status === undefined) {
    notes.problem("reachable", `${shown(sight.url)} does not answer: ${sight.why}.`, adviceFor(sight.why));
    return false;
  }
  const took = Math.max(0, sight.answeredAt - sight.sentAt);
  if (sight.status >= 500) {
    const fix = "Try again later; if it stays, tell those who run the service.";
    notes.problem("reachable", `${shown(sight.url)} answers HTTP ${sight.status}.`, fix);
    return true;
  }
  notes.ok("reachable", `${shown(sight.url)} answers HTTP ${sight.status} after ${took} ms.`);
  return true;
}

function adviceFor(why: string): string {
  if (/certificate|self.signed|issuer|CERT_|unable to (get|verify)/i.test(why)) {
    return "If a private CA signed the certificate, give the CA with --cacert.";
  }
  if (/ENOTFOUND|EAI_AGAIN|getaddrinfo/i.test(why)) return "Check the host in --url, and the name server.";
  if (/ECONNREFUSED/i.test(why)) return "Check host and port in --url, and whether the service is running.";
  return "Check --url, the network, and HTTPS_PROXY if there is a proxy.";
}

export function judgeTls({ url, tls }: Seen, notes: Notes): void {
  if (url.startsWith("http:")) {
    notes.ok("TLS", "Not used: the service is on this machine.");
    return;
  }
  if (!tls) {
    notes.unknown("TLS", "The connection is encrypted; its certificate could not be looked at.");
    return;
  }
  judgeCertificate(tls, notes);
}

function judgeCertificate({ protocol, certificate }: Secured, notes: Notes): void {
  const { valid_to: until, issuer } = certificate;
  const by = issuer?.O ?? issuer?.CN ?? "an issuer without a name";
  const found = `${protocol}, certificate by ${by}, valid until ${until}.`;
  if (Date.parse(until) - Date.now() < soonMs) {
    notes.warning("TLS", found, "Ask those who run the service to renew the certificate.");
  } else notes.ok("TLS", found);
}

export function judgeClock(seen: Seen, notes: Notes): void {
  const said = Date.parse(seen.header("date") ?? "");
  if (Number.isNaN(said)) {
    notes.unknown("clock", "The service does not say what time it is.");
    return;
  }
  // The header has whole seconds, and the answer took its time: only what lies outside of both is skew.
  const ahead = said - seen.answeredAt;
  const behind = seen.sentAt - (said + 1000);
  const skew = Math.max(ahead, behind, 0);
  if (skew <= tolerableSkewMs) {
    notes.ok("clock", "This machine and the service agree on the time.");
    return;
  }
  const found = `The service's clock is ${span(skew)} ${ahead > 0 ? "ahead of" : "behind"} this machine's.`;
  notes.problem("clock", found, "Set this machine's clock; tokens are valid by the service's.");
}

export function judgeCors(seen: Seen | undefined, origin: string | undefined, notes: Notes): void {
  if (origin === undefined) {
    const fix = "Give --origin https://portal.example, the origin of your page.";
    notes.unknown("CORS", "Not looked at: only pages in a browser need it.", fix);
    return;
  }
  if (!seen) return;
  const allowed = seen.header("access-control-allow-origin");
  if (allowed === "*" || allowed === origin) {
    const found = `Pages of ${origin} may read replies. Whether they may send was not tried: that takes an OPTIONS call.`;
    notes.ok("CORS", found);
    return;
  }
  const found = allowed
    ? `Only pages of ${allowed} may read replies, and not those of ${origin}.`
    : `The service does not allow pages of ${origin} to read replies.`;
  const fix =
    "Ask those who run the service to allow this origin, with the headers Authorization and Content-Type; or serve the page and the service from one origin.";
  notes.problem("CORS", found, fix);
}

function shown(url: string): string {
  return withoutUrlSecrets(url);
}
