// What one run of a command works with. Everything is opened when it is first needed: `verify --key` asks for no
// service and no token.
import { openNetwork } from "./network.js";
import { openService } from "./service.js";
import { openToken } from "./token.js";

export class Session {
  /** @type {import("./network.js").Network | undefined} */
  #network;
  /** @type {import("./token.js").Token | undefined} */
  #token;
  /** @type {Promise<import("./service.js").SigningClient> | undefined} */
  #service;

  /** How to go on after Ctrl-C, for as long as there is something to go on with. @type {string[]} */
  resume = [];

  /**
   * @param {object} given
   * @param {import("./output.js").Output} given.output
   * @param {AbortSignal} given.signal
   * @param {import("./settings.js").Settings} given.settings
   * @param {string} [given.config] the configuration file that was named
   * @param {number} [given.callTimeoutMs]
   */
  constructor({ output, signal, settings, config, callTimeoutMs }) {
    this.output = output;
    this.signal = signal;
    this.settings = settings;
    this.config = config;
    this.callTimeoutMs = callTimeoutMs;
  }

  get network() {
    this.#network ??= openNetwork(this.settings, process.env);
    return this.#network;
  }

  get token() {
    this.#token ??= openToken(this.settings, this.signal);
    return this.#token;
  }

  /** The token that was used last, if one was. */
  get usedToken() {
    return this.#token?.current();
  }

  service() {
    const { settings, network, token, signal, callTimeoutMs } = this;
    this.#service ??= openService({ settings, network, token, signal, callTimeoutMs });
    return this.#service;
  }
}
