// What a proxy does in place of a connection to the host. It is told with the proxy's name, never with its password.
import { STATUS_CODES } from "node:http";
import { innermost, innermostError } from "./innermost.ts";
import { withoutSecrets } from "./secrets.ts";

/** Where a proxy is, and which variable says so. */
export interface ProxyAddress {
  /** With user and password. */
  readonly url: string;
  /** Such as `HTTPS_PROXY`. */
  readonly from: string;
}

/** The proxy did not connect us. Nothing reached the host. */
export class ProxyFault extends Error {
  override readonly name = "ProxyFault";
  /** Whether the same would come again. */
  readonly isFinal: boolean;
  /** The HTTP status, if the proxy gave one. */
  readonly status: number | undefined;
  /** What to do. */
  readonly fix: string;

  /** The connection's own failure. Not the `cause`: its words would be told in place of these. */
  readonly why: unknown;

  private constructor(message: string, fix: string, isFinal: boolean, status?: number, why?: unknown) {
    super(message);
    this.why = why;
    this.fix = fix;
    this.isFinal = isFinal;
    this.status = status;
  }

  /** @param host the one that we asked for, with its port */
  static refused(proxy: ProxyAddress, host: string, status: number, schemes: string): ProxyFault {
    const what = `answered HTTP ${[status, STATUS_CODES[status]].filter(Boolean).join(" ")}`;
    const message = `the proxy ${placeOf(proxy)} ${what} when asked for ${host}`;
    return new ProxyFault(message, fixFor(proxy, host, status, schemes), !passing.has(status), status);
  }

  /** It is not there, ends the connection, or speaks something else than HTTP. */
  static failed(proxy: ProxyAddress, error: unknown): ProxyFault {
    const isStrange = isNoHttp(innermostError(error));
    // Here, since the library cuts a long text: a part of a secret would not be known again.
    const what = isStrange
      ? "answered with something that is not HTTP"
      : `could not be used: ${withoutSecrets(innermost(error))}`;
    const fix = `Check the proxy in ${proxy.from}.`;
    return new ProxyFault(`the proxy ${placeOf(proxy)} ${what}`, fix, isStrange, undefined, error);
  }
}

/** Statuses by which a proxy says that a later try may do (RFC 9110 §15). */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

function placeOf({ url }: ProxyAddress): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}

function fixFor({ url, from }: ProxyAddress, host: string, status: number, schemes: string): string {
  if (status === 407) return signInFix(url, from, schemes);
  const [name] = host.split(/:\d+$/);
  if (status === 403) {
    return `Ask the proxy's operator to allow ${host}, or name ${name} in NO_PROXY if you reach it without the proxy.`;
  }
  if (passing.has(status)) return `Try again later, or ask the operator of the proxy in ${from}.`;
  return `Check ${from}: this may be no proxy, or one that does not allow CONNECT to ${host}.`;
}

function signInFix(url: string, from: string, schemes: string): string {
  if (schemes && !/\bbasic\b/i.test(schemes)) {
    return `Use a proxy with Basic sign-in in ${from}: this one asks for another, which ocisign does not have.`;
  }
  return new URL(url).username
    ? `Correct the proxy's user and password in ${from}.`
    : `Put the proxy's user and password into ${from}, as in http://user:password@proxy.example:3128.`;
}

/** undici found no HTTP in the answer. It gives a code to only some such errors. */
function isNoHttp(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === "HTTPParserError" || ("code" in error && String(error.code).startsWith("HPE_"));
}

/** The fault of a proxy within an error of `fetch`, if there is one. */
export function proxyFaultIn(error: unknown): ProxyFault | undefined {
  if (error instanceof ProxyFault) return error;
  return error instanceof Error ? proxyFaultIn(error.cause) : undefined;
}
