// Finds what docker or podman keep for a registry: the first place that has something counts.
import type { RegistrySignIn } from "ocisign";
import { isText } from "../../foreign.ts";
import { visible } from "../../shown/visible.ts";
import { Problem } from "../problem.ts";
import type { Session } from "../session.ts";
import type { Credentials, Place } from "./credentials.ts";
import { signInOf } from "./entry.ts";
import { askHelper } from "./helper.ts";
import { badFile, type KeptFile, keptIn, readKeptFile } from "./kept-file.ts";
import { dockersKey, keysFor, namesRegistry } from "./keys.ts";
import { keptPlaces } from "./places.ts";

export class KeptSignIns {
  readonly #session: Session;
  #files: readonly KeptFile[] | undefined;
  /** What helpers said, by their name and the server: one may ask a person, or call a service. */
  readonly #answers = new Map<string, Promise<RegistrySignIn | undefined>>();

  constructor(session: Session) {
    this.#session = session;
  }

  async find(place: Place): Promise<Credentials | undefined> {
    try {
      this.#files ??= filesOf(process.env);
      for (const file of this.#files) {
        const found = await this.#findIn(file, place);
        if (found) return found;
      }
      return undefined;
    } catch (error) {
      throw error instanceof Problem ? withWayOut(error) : error;
    }
  }

  /**
   * A helper that is named for the registry; what the file has for a part of it; the helper for all registries; what the
   * file has for the registry.
   */
  async #findIn(file: KeptFile, place: Place): Promise<Credentials | undefined> {
    const { name, helpers, auths, store } = file;
    const [key] = keysFor(
      place,
      Object.keys(helpers).filter((key) => namesRegistry(key, place)),
    ).flat();
    const helper = key === undefined ? undefined : helpers[key];
    if (helper !== undefined && !isText(helper)) {
      throw badFile(`${name}: the helper for "${visible(key)}" is not a string.`);
    }
    const own = key !== undefined && helper ? await this.#ask(helper, key, name) : undefined;
    if (own) return own;
    const groups = keysFor(place, Object.keys(auths));
    const ofRegistry = (keys: readonly string[]) => keys.some((key) => namesRegistry(key, place));
    const ofPart = groups.filter((keys) => !ofRegistry(keys));
    return (
      entryIn(file, ofPart) ??
      // An empty name says that no helper is to be asked for it.
      (store && helper === undefined
        ? await this.#ask(store, dockersKey(place.registry), name)
        : undefined) ??
      entryIn(file, groups.filter(ofRegistry))
    );
  }

  async #ask(helper: string, server: string, file: string): Promise<Credentials | undefined> {
    const { signal, callTimeoutMs } = this.#session;
    const name = JSON.stringify([helper, server]);
    const answer = this.#answers.get(name) ?? askHelper({ helper, server, file }, callTimeoutMs, signal);
    this.#answers.set(name, answer);
    const signIn = await answer;
    return signIn && { signIn, from: `docker-credential-${helper} (${file})` };
  }
}

function filesOf(env: NodeJS.ProcessEnv): KeptFile[] {
  const variable = "DOCKER_AUTH_CONFIG";
  const given = keptIn(env[variable] ?? "", variable);
  const files = keptPlaces(env, process.platform).map(readKeptFile);
  return [given, ...files].filter((file) => file !== undefined);
}

/** The first group of keys that has something. What two keys of one group say must be the same. */
function entryIn({ auths, name }: KeptFile, groups: readonly string[][]): Credentials | undefined {
  for (const keys of groups) {
    const found = keys
      .map((key) => ({ key, signIn: signInOf(auths[key], key, name) }))
      .filter(({ signIn }) => signIn);
    const [first, ...others] = found;
    if (!first?.signIn) continue;
    const other = others.find(({ signIn }) => JSON.stringify(signIn) !== JSON.stringify(first.signIn));
    if (other) {
      const what = `${name}: "${visible(first.key)}" and "${visible(other.key)}" name the same registry, and differ.`;
      throw new Problem("bad-file", what, "Remove one of them.");
    }
    return { signIn: first.signIn, from: name };
  }
  return undefined;
}

/** Whoever needs no sign-in need not mend it. */
function withWayOut({ code, message, fix, exit, shown, cause }: Problem): Problem {
  const out = `${fix} --no-docker-config leaves such sign-ins alone.`;
  return new Problem(code, message, out, { exit, shown, cause });
}
