// The addresses of a name, where the platform tells them: Node does, browsers and workers do not.

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
