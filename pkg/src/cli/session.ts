// What one run of a command works with. Each part is opened when it is first needed: `verify --key` asks for no service
// and no token.

import type { RetryOptions, SigningClient } from "ocisign";
import { type Network, openNetwork } from "./network.ts";
import type { Output } from "./output.ts";
import type { Printing } from "./report/printing.ts";
import type { Resume } from "./resume.ts";
import { openService } from "./service.ts";
import type { Settings } from "./settings.ts";
import { openToken, type Token } from "./token.ts";

export interface SessionOptions {
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly settings: Settings;
  /** The configuration file that was named. */
  readonly config: string | undefined;
  /** For one call to a service or a registry. */
  readonly callTimeoutMs: number | undefined;
  /** May a sign-in be renewed? By default it may. */
  readonly mayRenew?: boolean;
}

export class Session {
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly settings: Settings;
  readonly config: string | undefined;
  readonly callTimeoutMs: number | undefined;
  /** How to go on after Ctrl-C, as long as there is something to go on with. */
  resume: Resume | undefined;
  /** How a verification is printed for another program, where --output says it. */
  printing: Printing | undefined;
  /** How the service is called; set before it is first needed. */
  retry: RetryOptions | undefined;
  readonly #mayRenew: boolean;
  #network: Network | undefined;
  #token: Token | undefined;
  #service: Promise<SigningClient> | undefined;

  constructor(options: SessionOptions) {
    this.output = options.output;
    this.signal = options.signal;
    this.settings = options.settings;
    this.config = options.config;
    this.callTimeoutMs = options.callTimeoutMs;
    this.#mayRenew = options.mayRenew ?? true;
  }

  get network(): Network {
    this.#network ??= openNetwork(this.settings, process.env);
    return this.#network;
  }

  get token(): Token {
    this.#token ??= openToken(this.settings, {
      network: () => this.network,
      signal: this.signal,
      mayRenew: this.#mayRenew,
    });
    return this.#token;
  }

  /** The token that was used last, if one was. */
  get usedToken(): string | undefined {
    return this.#token?.current();
  }

  /** Is the token of `ocisign login`, as far as one was needed? */
  get isSignedIn(): boolean {
    return this.#token?.isOfSignIn === true;
  }

  /** Ends when nothing is under way that would be lost if the program ended now. */
  async settled(): Promise<void> {
    await this.#token?.settled();
  }

  /** Why the network failed last, if it knows. */
  get networkFault(): unknown {
    return this.#network?.fault;
  }

  /** Ends what is still open, once the command is done. */
  async close(): Promise<void> {
    await this.settled();
    await this.#network?.close();
  }

  service(): Promise<SigningClient> {
    this.#service ??= openService(this).catch((error: unknown) => {
      // A profile that could not be read now may be read later.
      this.#service = undefined;
      throw error;
    });
    return this.#service;
  }
}
