// The sign-ins that `ocisign login` keeps: a file for each service and issuer. Tokens are sealed by a key in the system's
// keychain; without one they stand in the file, which nobody else can read.
import { createHash } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isRecord, isText } from "../../foreign.ts";
import { visible } from "../../shown/visible.ts";
import type { TokenKind } from "../../sign-in/issuer.ts";
import { stateFolder } from "../own-folders.ts";
import { Problem } from "../problem.ts";
import { keepSecret } from "../secrets.ts";
import { Keychain } from "./keychain.ts";
import { isOwnFolder, makeOwnFolder, readOwn, writeOwn } from "./own-file.ts";
import { newKey, opened, type Sealed, sealed } from "./seal.ts";

/** What a file says to everybody who may read it. */
export interface About {
  readonly service: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  readonly kind: TokenKind;
  /** In RFC 3339. */
  readonly signedInAt: string;
}

/** What only the person may know. */
export interface Secrets {
  /** What the service gets. */
  readonly token: string;
  /** In RFC 3339, by the clock of this machine; nothing where the issuer does not say. */
  readonly expiresAt?: string | undefined;
  /** Another access token, where the service gets the ID token: it can be revoked. */
  readonly accessToken?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly idToken?: string | undefined;
}

export type Place = "keychain" | "file";

/** A sign-in that is there. */
export interface Kept {
  readonly path: string;
  readonly place: Place;
  readonly about: About;
  readonly content: Sealed | Secrets;
}

/** Where a sign-in is, for people. */
export function placeOf({ about, place, path }: Kept): string {
  const where = place === "keychain" ? "sealed by the system's keychain" : visible(path);
  return `\`ocisign login\` at ${new URL(about.issuer).host} (${where})`;
}

/** Where sign-ins are kept; undefined where this person has no folder of their own. */
function loginFolder(): string | undefined {
  const state = stateFolder();
  return state === undefined ? undefined : join(state, "login");
}

/** @throws {Problem} `no-home` */
function ownLoginFolder(): string {
  const folder = loginFolder();
  if (folder !== undefined) return folder;
  const what =
    "There is no folder to keep a sign-in in: neither HOME nor XDG_STATE_HOME is an absolute path.";
  throw new Problem("no-home", what, "Set one of them, or give a token with --token-file or OCISIGN_TOKEN.");
}

/** All sign-ins at a service, the last one first. @throws {Problem} `unsafe-file` */
export function keptFor(service: string, issuer: string | undefined): readonly Kept[] {
  const folder = loginFolder();
  if (folder === undefined || !isOwnFolder(folder)) return [];
  const found = readdirSync(folder)
    .filter((name) => name.startsWith(`${hash(service)}-`) && name.endsWith(".json"))
    .flatMap((name) => readKept(join(folder, name)) ?? [])
    .filter(({ about }) => about.service === service && (issuer === undefined || about.issuer === issuer));
  return found.toSorted((a, b) => b.about.signedInAt.localeCompare(a.about.signedInAt));
}

/** The sign-in in a file; nothing if there is none any more. */
export function readKept(path: string): Kept | undefined {
  const text = readOwn(path);
  if (text === undefined) return undefined;
  const kept = keptIn(text, path);
  if (kept) return kept;
  const fix = "Remove it, then run `ocisign login`.";
  throw new Problem("bad-file", `${visible(path)} is damaged, or no sign-in of ocisign.`, fix);
}

/** Where a sign-in is kept. */
export function pathOf({ service, issuer }: Pick<About, "service" | "issuer">): string {
  return join(ownLoginFolder(), `${hash(service)}-${hash(issuer)}.json`);
}

/** Opens and writes the secrets of sign-ins, and remembers the keys that the keychain gave. */
export class Vault {
  readonly #keychain: Keychain | undefined;
  #keys = new Map<string, string>();

  constructor(signal: AbortSignal) {
    this.#keychain = Keychain.ofSystem(signal);
  }

  /** Refuses a place that cannot be used before a person signs in in vain. */
  prepare(): void {
    makeOwnFolder(ownLoginFolder());
  }

  /** @throws {Problem} `keychain` when its key cannot be had */
  async secretsOf(kept: Kept): Promise<Secrets> {
    const { path, about, content } = kept;
    if (!isSealed(content)) return keptSecret(content);
    const remembered = openedBy(this.#keys.get(path), content, about);
    if (remembered) return keptSecret(remembered);
    // A person may have signed in anew meanwhile, and so with another key.
    const key = await this.#keychain?.get(about);
    if (key !== undefined) this.#keys.set(path, key);
    const secrets = openedBy(key, content, about);
    if (secrets) return keptSecret(secrets);
    const what =
      key === undefined
        ? "The system's keychain does not give the key of the sign-in"
        : `The sign-in in ${visible(kept.path)} does not fit its key in the keychain`;
    throw new Problem("keychain", `${what}.`, "Unlock the keychain, or run `ocisign login` again.");
  }

  /**
   * Keeps a new sign-in, in place of an earlier one of the same service and issuer. Whoever calls holds its lock: another
   * process may be renewing or keeping one.
   *
   * @returns where, and why not in the keychain
   */
  async keepNew(about: About, secrets: Secrets, usesKeychain: boolean): Promise<Kept & { why?: string }> {
    const path = pathOf(about);
    const key = keepSecret(newKey());
    const why = usesKeychain ? await this.#keepKey(about, key) : "--no-keychain was given";
    if (why === undefined) this.#keys.set(path, key);
    const content = why === undefined ? seal(about, secrets, key) : secrets;
    return { ...write(path, about, content), ...(why !== undefined && { why }) };
  }

  /** Keeps what a renewal gave, in the place where the sign-in is. */
  async keepAgain(kept: Kept, secrets: Secrets): Promise<Kept> {
    if (!isSealed(kept.content)) return write(kept.path, kept.about, secrets);
    const key = (await this.#keyOf(kept)) ?? "";
    return write(kept.path, kept.about, seal(kept.about, secrets, key));
  }

  async remove({ path, about, place }: Kept): Promise<void> {
    rmSync(path, { force: true });
    if (place === "keychain") await this.#keychain?.remove(about);
  }

  async #keepKey(about: About, key: string): Promise<string | undefined> {
    if (!this.#keychain) return "this system's keychain is not supported";
    return this.#keychain.set(about, key);
  }

  async #keyOf({ path, about }: Kept): Promise<string | undefined> {
    const key = this.#keys.get(path) ?? (await this.#keychain?.get(about));
    if (key !== undefined) this.#keys.set(path, key);
    return key;
  }
}

function seal(about: About, secrets: Secrets, key: string): Sealed {
  return sealed(JSON.stringify(secrets), key, boundBy(about));
}

function openedBy(key: string | undefined, content: Sealed, about: About): Secrets | undefined {
  const plain = key === undefined ? undefined : opened(content, key, boundBy(about));
  return plain === undefined ? undefined : secretsIn(parsed(plain));
}

function boundBy({ service, issuer, clientId, scope, kind, signedInAt }: About): string {
  return JSON.stringify([service, issuer, clientId, scope, kind, signedInAt]);
}

function write(path: string, about: About, content: Sealed | Secrets): Kept {
  const place = isSealed(content) ? "keychain" : "file";
  writeOwn(path, `${JSON.stringify({ ocisignLogin: 1, ...about, [place]: content }, null, 2)}\n`);
  return { path, place, about, content };
}

function isSealed(content: Sealed | Secrets): content is Sealed {
  return "nonce" in content;
}

/** So that no message quotes them. */
function keptSecret(secrets: Secrets): Secrets {
  const { token, accessToken, refreshToken, idToken } = secrets;
  for (const secret of [token, accessToken, refreshToken, idToken]) if (secret) keepSecret(secret);
  return secrets;
}

function keptIn(text: string, path: string): Kept | undefined {
  const fields = parsed(text);
  if (!isRecord(fields) || fields.ocisignLogin !== 1) return undefined;
  const { service, issuer, clientId, scope, signedInAt } = fields;
  const kind = kindIn(fields.kind);
  if (!isText(service) || !isText(issuer) || !isText(clientId) || !isText(scope) || !isText(signedInAt)) {
    return undefined;
  }
  if (!kind) return undefined;
  const about = { service, issuer, clientId, scope, kind, signedInAt };
  const sealedContent = sealedIn(fields.keychain);
  if (sealedContent) return { path, place: "keychain", about, content: sealedContent };
  const secrets = secretsIn(fields.file);
  return secrets && { path, place: "file", about, content: secrets };
}

function kindIn(value: unknown): TokenKind | undefined {
  return value === "access_token" || value === "id_token" ? value : undefined;
}

function sealedIn(fields: unknown): Sealed | undefined {
  if (!isRecord(fields) || !isText(fields.nonce) || !isText(fields.text)) return undefined;
  return { nonce: fields.nonce, text: fields.text };
}

function secretsIn(fields: unknown): Secrets | undefined {
  if (!isRecord(fields) || !isText(fields.token)) return undefined;
  const optional = (name: string) => {
    const value = fields[name];
    return isText(value) ? value : undefined;
  };
  return {
    token: fields.token,
    expiresAt: optional("expiresAt"),
    accessToken: optional("accessToken"),
    refreshToken: optional("refreshToken"),
    idToken: optional("idToken"),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A name for a file. */
function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
