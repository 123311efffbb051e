// How the page reaches registries: through an address of their own, if the settings name one, and in a sandbox with
// the sandbox's own credential.
import type { RegistrySource } from "ocisign/elements";
import type { Settings } from "./settings.ts";

export function registrySourceOf({ baseUrl, isSandbox, registries }: Settings): RegistrySource {
  let credential: ReturnType<typeof sandboxCredential> | undefined;
  return async ({ registry }) => {
    const known = Object.hasOwn(registries, registry) ? registries[registry] : undefined;
    if (!isSandbox || !known) return known;
    credential ??= sandboxCredential(baseUrl).catch((error: unknown) => {
      credential = undefined;
      throw error;
    });
    const { domain, username, password } = (await credential) ?? {};
    return domain === registry ? { ...known, username, password } : known;
  };
}

/** The embedded registry's; a sandbox with another registry has none to give. */
async function sandboxCredential(
  baseUrl: string,
): Promise<{ domain: string; username: string; password: string } | undefined> {
  const reply = await fetch(`${baseUrl}/ocisign-sandbox/registry`, { cache: "no-store" });
  return reply.ok ? reply.json() : undefined;
}
