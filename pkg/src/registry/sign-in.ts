// What opens a registry: a password, or one of the two tokens that sign-ins of docker and podman keep.
import { fail } from "../error.ts";
import { checkOptions, type Given, optionalText } from "../options.ts";

/** What a registry is opened with; one of three ways, or nothing. */
export interface RegistrySignIn {
  /** Together with `password`. `AWS` for Amazon ECR, and what `aws ecr get-login-password` prints. */
  username?: string | undefined;
  /** Together with `username`. Sent to the registry and to the token service it names, never along a redirect. */
  password?: string | undefined;
  /**
   * A refresh token (OAuth 2), the `identitytoken` of a sign-in that docker keeps. Sent only to the token service that
   * the registry names, which gives a token for it.
   */
  identityToken?: string | undefined;
  /** A token that the registry itself takes, the `registrytoken` of docker's file. Sent as it is, to the registry only. */
  registryToken?: string | undefined;
}

export const signInOptions = ["username", "password", "identityToken", "registryToken"] as const;

/** The ways of a sign-in, by the names of their options. */
type Named = Given<(typeof signInOptions)[number]>;

/** @param prefix of the options' names, for messages: `registry.` */
export function signInOf(given: Named, prefix: string): RegistrySignIn {
  const text = (key: (typeof signInOptions)[number]) => optionalText(given, key, prefix);
  const { username, password, identityToken, registryToken } = {
    username: text("username"),
    password: text("password"),
    identityToken: text("identityToken"),
    registryToken: text("registryToken"),
  };
  const ways = [username ?? password, identityToken, registryToken].filter((way) => way !== undefined);
  if (ways.length > 1) {
    const what = `${prefix}password, ${prefix}identityToken and ${prefix}registryToken exclude each other.`;
    throw fail("bad-input", what, "Give one of them.");
  }
  const isHeader = (token: string | undefined) => token === undefined || /^[\x21-\x7e]+$/.test(token);
  if (!isHeader(registryToken)) {
    // The platform would quote it in its error.
    const what = `${prefix}registryToken has characters that no header may have.`;
    throw fail("bad-input", what, "Pass the token alone, without spaces and line breaks.");
  }
  if (identityToken === "") {
    throw fail("bad-input", `${prefix}identityToken is empty.`, "Pass the token, or leave it out.");
  }
  return { username, password, identityToken, registryToken };
}

/** The same of an option that holds nothing else. */
export function signInIn(given: unknown, name: string): RegistrySignIn {
  if (given === undefined) return {};
  return signInOf(checkOptions(given, signInOptions, name), `${name}.`);
}
