// A tunnel through a proxy. undici makes it; here it is seen how the proxy answers, which undici does not tell.
import type { ConnectionOptions } from "node:tls";
import { type Dispatcher, Pool, ProxyAgent } from "undici";
import { type ProxyAddress, ProxyFault } from "./proxy-fault.ts";

/** @param tls how the host at the end of the tunnel is trusted, and learns who we are */
export function proxyAgent(proxy: ProxyAddress, tls: ConnectionOptions): ProxyAgent {
  const url = new URL(proxy.url);
  const [username, password] = [url.username, url.password].map(decodeURIComponent);
  url.username = url.password = "";
  const basic = Buffer.from(`${username}:${password}`).toString("base64");
  return new ProxyAgent({
    uri: url.href,
    ...(username && { token: `Basic ${basic}` }),
    connect: tls,
    requestTls: tls,
    // The proxy does not see our certificate: others may run it.
    proxyTls: { ca: tls.ca },
    clientFactory: (origin, options) => new ProxyPool(origin, options, proxy),
  });
}

/** Connections to the proxy itself. */
class ProxyPool extends Pool {
  #proxy: ProxyAddress;

  constructor(origin: URL, options: object, proxy: ProxyAddress) {
    super(origin, options);
    this.#proxy = proxy;
  }

  override connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData>;
  override connect(
    options: Dispatcher.ConnectOptions,
    callback: (error: Error | null, data: Dispatcher.ConnectData) => void,
  ): void;
  override connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
    return this.#connect(options);
  }

  async #connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
    const answer = await super.connect(options).catch((error: unknown) => {
      throw options.signal && error === (options.signal as AbortSignal).reason
        ? error
        : ProxyFault.failed(this.#proxy, error);
    });
    const { statusCode, socket, headers } = answer;
    // Any 2xx is a tunnel (RFC 9110 §9.3.6).
    if (statusCode >= 200 && statusCode <= 299) return { ...answer, statusCode: 200 };
    socket.on("error", () => {}).destroy();
    const schemes = [headers["proxy-authenticate"] ?? []].flat().join(", ");
    throw ProxyFault.refused(this.#proxy, options.path, statusCode, schemes);
  }
}
