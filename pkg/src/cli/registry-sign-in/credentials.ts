// What opens a registry, wherever it is kept: what a flag or the environment gives, and else what docker or podman keep.
import type { RegistrySignIn } from "ocisign";
import { usage } from "../problem.ts";
import type { Session } from "../session.ts";
import type { Settings } from "../settings.ts";
import { givenCredentials } from "./given.ts";
import type { KeptSignIns } from "./kept-sign-ins.ts";
import { tellSource } from "./sources.ts";

/** A registry, and what is wanted of it: a file may keep something of its own for a part of a registry. */
export interface Place {
  /** As in a reference. */
  readonly registry: string;
  /** Without it, only what is kept for the whole registry counts. */
  readonly repository?: string | undefined;
}

/** What opens a registry, and where it was found. */
export interface Credentials {
  /** Options of the library. */
  readonly signIn: RegistrySignIn;
  /** The place in words, and nothing of what it holds. */
  readonly from: string;
}

/**
 * What opens a place: a flag, else the environment, else a file of docker or podman.
 *
 * @returns undefined where nobody has signed in: it is read as anybody reads it
 */
export async function credentialsFor(session: Session, place: Place): Promise<Credentials | undefined> {
  return (await givenCredentials(session.settings)) ?? keptCredentials(session, place);
}

/** The same of another registry beside: what flags and environment give is not for it. */
export async function keptCredentials(session: Session, place: Place): Promise<Credentials | undefined> {
  if (isOff(session.settings)) return undefined;
  const found = await (await keptSignIns(session)).find(place);
  if (found) tellSource(session.output, place.registry, found.from);
  return found;
}

const opened = new WeakMap<Session, Promise<KeptSignIns>>();

/** Files are read once in a run, and a helper is asked once for a registry. */
function keptSignIns(session: Session): Promise<KeptSignIns> {
  const known =
    opened.get(session) ?? import("./kept-sign-ins.ts").then(({ KeptSignIns }) => new KeptSignIns(session));
  opened.set(session, known);
  return known;
}

/** Whether files of docker and podman are left alone. */
export function isOff({ dockerConfig }: Settings): boolean {
  if (!dockerConfig || dockerConfig.value === "yes") return false;
  if (dockerConfig.value === "no") return true;
  throw usage(
    `${dockerConfig.from} is neither yes nor no.`,
    "Write no, so that files of docker and podman are not read.",
  );
}
