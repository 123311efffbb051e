// One look at the service: a GET, and everything that came. The library reads replies; a checkup looks at them.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type PeerCertificate, TLSSocket } from "node:tls";
import { fieldOf, isTooDeep } from "../../foreign.ts";
import { retryAfterSeconds } from "../../http/retry-after.ts";
import { get } from "../get.ts";
import { innermost } from "../innermost.ts";
import type { Session } from "../session.ts";

/** A reply is read no further. */
const mostBytes = 32 * 1024 * 1024;
const usualTimeoutMs = 15_000;

/** What came of a look. */
export type Sight = Seen | Unseen;

export interface Seen {
  readonly url: string;
  readonly status: number;
  header(name: string): string | undefined;
  /** The reply's JSON; undefined if it is none that can be looked at. */
  readonly value: unknown;
  /** What came in place of that, in words. */
  readonly instead: string | undefined;
  readonly retryAfter: number | undefined;
  /** When it was sent and when its head came, in milliseconds since 1970. */
  readonly sentAt: number;
  readonly answeredAt: number;
  /** The TLS connection that it came over, if a new one was made. */
  readonly tls: Secured | undefined;
}

/** What a TLS connection tells while it is open. */
export interface Secured {
  readonly protocol: string;
  readonly certificate: PeerCertificate;
}

/** No answer. */
export interface Unseen {
  readonly url: string;
  readonly status: undefined;
  /** Why; foreign text. */
  readonly why: string;
  /** What was thrown. */
  readonly cause: unknown;
}

export async function look(
  { network, signal, callTimeoutMs: timeoutMs = usualTimeoutMs }: Session,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Sight> {
  const connection = new Connection();
  const sentAt = Date.now();
  try {
    const outcome = await get(url, { network, signal, timeoutMs, mostBytes, headers });
    if ("stopped" in outcome) return unseen(url, `no answer within ${timeoutMs} ms`);
    if ("error" in outcome) return unseen(url, innermost(outcome.error), outcome.error);
    const { reply, text, answeredAt } = outcome.value;
    const header = (name: string) => reply.headers?.get(name) ?? undefined;
    return {
      ...{ url, status: reply.status, header, sentAt, answeredAt, tls: connection.tls, ...contentOf(text) },
      retryAfter: retryAfterSeconds(header),
    };
  } finally {
    connection.close();
  }
}

function unseen(url: string, why: string, cause?: unknown): Unseen {
  return { url, status: undefined, why, cause };
}

function contentOf(text: string | undefined): Pick<Seen, "value" | "instead"> {
  const nothing = (instead: string) => ({ value: undefined, instead });
  if (text === undefined) return nothing("more than a checkup reads, 32 MiB");
  if (text.trimStart().startsWith("<")) return nothing("a page of HTML");
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(value) ? nothing("JSON that is nested too deeply") : { value, instead: undefined };
  } catch {
    return nothing("something that is not JSON");
  }
}

/** Listens for the connection that a call makes. undici and Node's own `fetch` both tell of it. */
class Connection {
  #tls: Secured | undefined;
  readonly #heard = (message: unknown) => {
    const socket = fieldOf(message, "socket");
    if (!(socket instanceof TLSSocket)) return;
    this.#tls = { protocol: socket.getProtocol() ?? "TLS", certificate: socket.getPeerCertificate() };
  };

  constructor() {
    subscribe("undici:client:connected", this.#heard);
  }

  get tls(): Secured | undefined {
    return this.#tls;
  }

  close(): void {
    unsubscribe("undici:client:connected", this.#heard);
  }
}
