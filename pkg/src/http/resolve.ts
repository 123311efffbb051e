// The addresses of a name, where the platform tells them: Node does, browsers and workers do not.
import { areHere } from "./nearness.ts";

/** Gives the addresses of a host. */
export type Resolver = (host: string) => Promise<readonly string[]>;

let resolver: Resolver | undefined;

/** Called once by the loader of a platform that has one. */
export function resolveWith(own: Resolver): void {
  resolver = own;
}

/** The addresses of a host as far as they are known. A name that cannot be resolved here, a proxy may still know. */
export async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    return (await resolver?.(host)) ?? [];
  } catch {
    return [];
  }
}

/**
 * Where the platform's own fetch finds a host. All below `localhost` is this machine (RFC 6761 §6.3): many systems do not
 * know that, and a name server may say otherwise. There, `localhost` itself is asked. Over TLS the name has to stay, since
 * the certificate is for it.
 */
export async function reachable(url: URL): Promise<URL> {
  if (!resolver || url.protocol !== "http:" || !/\.localhost$/.test(url.hostname)) return url;
  if (areHere(await addressesOf(url.hostname))) return url;
  const here = new URL(url);
  here.hostname = "localhost";
  return here;
}
