// How the page reaches registries: through an address of their own, if the settings name one, and in a sandbox with
// the sandbox's own credential.

/** @param {import("./service.js").Service} service @returns {import("ocisign/elements").RegistrySource} */
export function registriesOf({ baseUrl, isSandbox, registries }) {
  /** @type {Promise<{ domain: string, username: string, password: string } | undefined> | undefined} */
  let credential;
  return async ({ registry }) => {
    const known = Object.hasOwn(registries, registry) ? registries[registry] : undefined;
    if (!isSandbox || !known) return known;
    credential ??= sandboxCredential(baseUrl).catch((error) => {
      credential = undefined;
      throw error;
    });
    const { domain, username, password } = (await credential) ?? {};
    return domain === registry ? { ...known, username, password } : known;
  };
}

/** The embedded registry's; a sandbox with another registry has none to give. @param {string} baseUrl */
async function sandboxCredential(baseUrl) {
  const reply = await fetch(`${baseUrl}/ocisign-sandbox/registry`, { cache: "no-store" });
  return reply.ok ? reply.json() : undefined;
}
