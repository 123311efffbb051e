// One entry below `auths`: a user and a password, or a token.
import type { RegistrySignIn } from "ocisign";
import { isRecord, isText } from "../../foreign.ts";
import { visible } from "../../shown/visible.ts";
import { withoutTrailing } from "../../trailing.ts";
import { keepSecret } from "../secrets.ts";
import { badFile, fieldNamed } from "./kept-file.ts";

/** The user name by which docker's helpers say that the secret is an identity token. */
const tokenUser = "<token>";

/**
 * What an entry opens a registry with. The fields are those of docker; podman has `auth` and `identitytoken`.
 *
 * @returns undefined where it holds nothing: docker leaves such entries behind where a helper keeps the secret
 */
export function signInOf(entry: unknown, key: string, file: string): RegistrySignIn | undefined {
  const place = `${file}: "${visible(key)}"`;
  if (!isRecord(entry)) throw badFile(`${place} is not an object.`);
  const text = (name: string) => {
    const given = fieldNamed(entry, name) ?? "";
    if (isText(given)) return given;
    throw badFile(`${place}: "${name}" is not a string.`);
  };
  const [identityToken, registryToken] = [text("identitytoken"), text("registrytoken")];
  const [username, password] = pairIn(text("auth"), place) ?? [text("username"), text("password")];
  // In the order in which docker's tools use them.
  if (registryToken !== "") return checked({ registryToken: keepSecret(registryToken) }, place);
  if (identityToken !== "") return { identityToken: keepSecret(identityToken) };
  return ofPair(username, password, place);
}

/** What a pair says, also one that a helper prints. */
export function ofPair(username: string, password: string, place: string): RegistrySignIn | undefined {
  if (username === "" && password === "") return undefined;
  keepSecret(password);
  if (username === tokenUser) return { identityToken: password };
  if (username === "") throw badFile(`${place}: there is a password without a user name.`);
  if (username.includes(":")) throw badFile(`${place}: the user name has a colon.`);
  return { username, password };
}

function checked(signIn: { registryToken: string }, place: string): RegistrySignIn {
  if (/^[\x21-\x7e]+$/.test(signIn.registryToken)) return signIn;
  throw badFile(`${place}: "registrytoken" has characters that no header may have.`);
}

/** User and password of `auth`: base64 of both with a colon between. */
function pairIn(auth: string, place: string): [username: string, password: string] | undefined {
  if (auth === "") return undefined;
  keepSecret(auth);
  const bytes = Buffer.from(auth, "base64");
  // Buffer passes over what is no base64.
  if (bytes.toString("base64") !== auth) throw badFile(`${place}: "auth" is not base64.`);
  const text = new TextDecoder().decode(bytes);
  const [, username, password] = text.match(/^([^:]*):([\s\S]*)$/) ?? [];
  if (username === undefined || password === undefined) {
    throw badFile(`${place}: "auth" has no colon between user and password.`);
  }
  // Docker fills it up with zeros, and takes them away again.
  return [username, keepSecret(withoutTrailing(password.replace(/^\0+/, ""), "\0"))];
}
