// How an image's registry is reached: the library's options, from the settings and from what docker or podman keep.

import type { RegistryOptions } from "ocisign";
import { credentialsFor, keptCredentials, type Place } from "./registry-sign-in/credentials.ts";
import { signInFrom } from "./registry-sign-in/given.ts";
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

/** What a command's own options say of a second registry. */
export interface SecondRegistry {
  readonly toUrl: string | undefined;
  readonly toUsername: string | undefined;
  readonly toPasswordFile: string | undefined;
}

/** The same of a second registry, which has options of its own. */
export async function secondRegistryOptions(
  session: Session,
  place: Place,
  { toUrl, toUsername, toPasswordFile }: SecondRegistry,
): Promise<RegistryOptions> {
  const setting = (value: string | undefined, from: string) =>
    value === undefined ? undefined : { value, from, isFlag: true };
  const url = setting(toUrl, "--to-url");
  if (url) await checkRegistryUrl(url);
  const given = await signInFrom(
    setting(toUsername, "--to-username"),
    setting(toPasswordFile, "--to-password-file"),
  );
  const other = given
    ? { ...given.signIn, fetch: session.network.registryFetch }
    : await otherRegistryOptions(session, place);
  session.network.mayKnow(toUrl ?? `https://${place.registry}`);
  return { ...other, url: toUrl };
}

/** The same of another registry beside the one that settings are for: none of them goes there. */
export async function otherRegistryOptions(session: Session, place: Place): Promise<RegistryOptions> {
  const found = await keptCredentials(session, place);
  session.network.mayKnow(`https://${place.registry}`);
  return { ...found?.signIn, fetch: session.network.registryFetch };
}
