// Where the browser returns to after a sign-in: a server on this machine (RFC 8252 §7.3) that takes one answer, the one
// with our state, and is gone then. Any program here, and any page in the browser, may ask it something else meanwhile.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { systemCode } from "../input.ts";
import { Problem } from "../problem.ts";

export class Loopback {
  readonly #server: Server;
  readonly #redirectUri: URL;
  /** Where our own address leads, once. */
  #start: { readonly path: string; readonly to: URL } | undefined;
  #state: string | undefined;
  #arrived: (answer: URLSearchParams) => void = () => {};
  /** The answer that has our state. */
  readonly answer: Promise<URLSearchParams>;

  /** @param redirectUri of this machine; without a port, it gets a free one */
  static async open(redirectUri: URL): Promise<Loopback> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", (cause) => {
        const what = `Port ${redirectUri.port || "0"} of this machine cannot be used (${systemCode(cause)}).`;
        reject(
          new Problem("bad-port", what, "Name another port in --redirect-uri, or sign in with --device.", {
            cause,
          }),
        );
      });
      server.listen(Number(redirectUri.port || 0), "127.0.0.1", resolve);
    });
    return new Loopback(server, redirectUri);
  }

  private constructor(server: Server, redirectUri: URL) {
    this.#server = server;
    const address = server.address();
    this.#redirectUri = new URL(redirectUri);
    if (typeof address === "object" && address) this.#redirectUri.port = String(address.port);
    this.answer = new Promise((resolve) => {
      this.#arrived = resolve;
    });
    server.on("request", (request, response) => this.#respond(request, response));
    // Anything may connect, and say nothing, or never all of it: the program does not wait for that to end.
    server.on("connection", (socket) => socket.unref());
  }

  get redirectUri(): string {
    return this.#redirectUri.href;
  }

  /**
   * Waits for the answer with this state. A program that starts a browser shows its arguments to other users: so the
   * browser gets an address of ours, which leads to the issuer's once.
   *
   * @returns that address
   */
  lead(to: URL, state: string): string {
    this.#state = state;
    this.#start = { path: `/start-${randomBytes(16).toString("base64url")}`, to };
    return new URL(this.#start.path, this.#redirectUri).href;
  }

  /** Ends it when what it says now is written. */
  close(): void {
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  #respond(request: IncomingMessage, response: ServerResponse): void {
    response.shouldKeepAlive = false;
    // Anything may ask, also for what is no path.
    const asked = `${this.#redirectUri.origin}${request.url ?? ""}`;
    const { pathname, searchParams } = new URL(URL.canParse(asked) ? asked : this.#redirectUri.origin);
    const refusal = this.#refusalOf(request, pathname, searchParams);
    if (refusal) say(response, ...refusal);
    else if (pathname === this.#start?.path) this.#goOn(response);
    else this.#take(searchParams, response);
  }

  #refusalOf(
    { method, headers }: IncomingMessage,
    pathname: string,
    given: URLSearchParams,
  ): readonly [status: number, text: string] | undefined {
    // Another name that leads here belongs to somebody else's page.
    if (headers.host !== this.#redirectUri.host) return [421, "This is not the address of a page."];
    if (method !== "GET") return [405, "Only a browser that returns from a sign-in is expected here."];
    if (pathname === this.#start?.path) return undefined;
    if (pathname !== this.#redirectUri.pathname) return [404, "There is nothing here."];
    const isOurs = this.#state !== undefined && given.get("state") === this.#state;
    return isOurs ? undefined : [400, "This answer belongs to another sign-in, and is not used."];
  }

  #take(answer: URLSearchParams, response: ServerResponse): void {
    this.#state = undefined;
    const said = answer.has("error") ? "The sign-in failed." : "The answer has arrived.";
    say(response, 200, `${said} Go back to the terminal.`);
    this.#arrived(answer);
  }

  #goOn(response: ServerResponse): void {
    const { href } = this.#start?.to ?? this.#redirectUri;
    this.#start = undefined;
    response.writeHead(302, { ...manners, location: href }).end();
  }
}

const manners = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...manners, "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}
