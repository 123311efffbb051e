// How an image's registry is reached: the library's options, from the settings and from what docker or podman keep.

import type { RegistryOptions } from "ocisign";
import { credentialsFor, keptCredentials, type Place } from "./registry-sign-in/credentials.ts";
import { checkRegistryUrl } from "./safe-url.ts";
import type { Session } from "./session.ts";

export async function registryOptions(session: Session, place: Place): Promise<RegistryOptions> {
  const { settings, network } = session;
  const { registryUrl } = settings;
  // Before anything is requested: `sign --verify` needs the answer only at the end of a long wait.
  if (registryUrl) await checkRegistryUrl(registryUrl);
  const found = await credentialsFor(session, place);
  network.mayKnow(registryUrl?.value ?? `https://${place.registry}`);
  return { ...found?.signIn, url: registryUrl?.value, fetch: network.registryFetch };
}

/** The same of another registry beside the one that settings are for: none of them goes there. */
export async function otherRegistryOptions(session: Session, place: Place): Promise<RegistryOptions> {
  const found = await keptCredentials(session, place);
  session.network.mayKnow(`https://${place.registry}`);
  return { ...found?.signIn, fetch: session.network.registryFetch };
}
