// Opens the registry of an image, as a caller's options say it is reached.

import { fail, OcisignError } from "../error.ts";
import { isA } from "../foreign.ts";
import type { Fetch } from "../http/fetch.ts";
import { parseReference } from "../image/read.ts";
import type { ImageReference } from "../image/reference.ts";
import {
  checkOptions,
  type Given,
  optionalFunction,
  optionalSignal,
  optionalText,
  positive,
} from "../options.ts";
import { Recent } from "../recent.ts";
import { Authenticator } from "./auth.ts";
import { Budget } from "./budget.ts";
import { RegistryClient } from "./client.ts";
import type { Hosts } from "./hosts.ts";
import type { OpenSource } from "./source.ts";

/** Where and how the registry is reached. */
export interface RegistryOptions {
  /** In place of `https://` and the reference's registry: a reverse proxy that allows CORS, for instance. */
  url?: string | URL | undefined;
  /** Together with `password`. `AWS` for Amazon ECR, and what `aws ecr get-login-password` prints. */
  username?: string | undefined;
  /** Together with `username`. Sent to the registry and to the token service it names, never along a redirect. */
  password?: string | undefined;
  /** Called in place of the platform's. */
  fetch?: Fetch | undefined;
  /**
   * Where the signatures are, when not beside the image: another repository of the same registry, `team/signatures`, or
   * of another one, `ghcr.io/team/signatures`. Another registry is read anonymously, by this `fetch`: `url`, `username`
   * and `password` are the image's registry's.
   */
  repository?: string | undefined;
}

/** The registries that were opened: the image's, and the one that holds its signatures, mostly the same. */
export interface OpenRegistry extends OpenSource {
  readonly image: RegistryClient;
  readonly client: RegistryClient;
}

/** Nobody verifies images of more registries at the same time. */
const mostRegistries = 1000;

/** What the images of one run have in common: how fast hosts are asked, and the tokens that they gave. */
export class SharedAccess {
  readonly hosts: Hosts;
  readonly #authenticators = new Recent<Authenticator>(mostRegistries);

  constructor(hosts: Hosts) {
    this.hosts = hosts;
  }

  /** Of a place, for exactly this user and password: what one place gave, or was given, no other one sees. */
  authenticator(place: string, username?: string, password?: string): Authenticator {
    const name = JSON.stringify([place, username, password]);
    const known = this.#authenticators.get(name) ?? new Authenticator(username, password);
    this.#authenticators.set(name, known);
    return known;
  }
}

const known = ["url", "username", "password", "fetch", "repository"] as const;

/** A copy of what a caller passes, for a call that opens the registry only later. */
export function copyOfRegistry(registry: RegistryOptions | undefined): RegistryOptions | undefined {
  if (registry === undefined) return undefined;
  const options = checkOptions(registry, known, "registry");
  // What each field is, openRegistry checks.
  return { ...options, url: urlIn(options) } as RegistryOptions;
}

/** The options that say how a registry is reached, and what that may cost. */
export const reachOptions = ["registry", "signal", "timeoutMs", "totalTimeoutMs", "totalBytes"] as const;

/** A repository and its registry. */
type Place = Pick<ImageReference, "registry" | "repository">;

/** What registries that are opened for one purpose have in common. */
interface Common {
  readonly hosts?: Hosts;
  /** What all of them together may cost. */
  readonly budget?: Budget;
  authenticator?(place: string, username?: string, password?: string): Authenticator;
}

/** @param common of a run of many images, or of several registries that are read for one answer */
export function openRegistry(
  image: Place,
  given: Given<(typeof reachOptions)[number]>,
  common: Common = {},
): OpenRegistry {
  const options = checkOptions(given.registry === undefined ? {} : given.registry, known, "registry");
  const text = (key: "username" | "password" | "repository") => optionalText(options, key, "registry.");
  const place = placeOf(image, text("repository"));
  const shared = {
    fetch: optionalFunction<Fetch>(options, "fetch"),
    signal: optionalSignal(given, "signal"),
    timeoutMs: positive(given, "timeoutMs"),
    budget: common.budget ?? new Budget(positive(given, "totalTimeoutMs"), positive(given, "totalBytes")),
    hosts: common.hosts,
  };
  const [username, password] = [text("username"), text("password")];
  const own = new RegistryClient({
    ...shared,
    domain: image.registry,
    url: urlIn(options),
    ...{ username, password },
    authenticator: common.authenticator?.(urlIn(options) ?? image.registry, username, password),
  });
  // Another registry gets none of the secrets that are for the image's.
  const client =
    place.registry === image.registry
      ? own
      : new RegistryClient({
          ...{ ...shared, domain: place.registry },
          authenticator: common.authenticator?.(place.registry),
        });
  return { image: own, client, repository: place.repository };
}

/**
 * Where the signatures are. As in a reference, a first part with a `.` or a `:`, or `localhost`, is a registry; and what
 * is none in a reference is none here.
 */
function placeOf(image: Place, repository: string | undefined): Place {
  if (repository === undefined) return image;
  const namesRegistry = /^([^/]*[.:][^/]*|localhost)\//i.test(repository);
  const name = namesRegistry ? repository : `${image.registry}/${repository}`;
  try {
    const read = parseReference(`${name}@sha256:${"0".repeat(64)}`);
    if (read.tag === undefined) return read;
  } catch (error) {
    if (!(error instanceof OcisignError)) throw error;
  }
  const fix = "Write it as in team/signatures, or with its registry, as in registry.example/team/signatures.";
  throw fail("bad-input", "registry.repository is not a repository's name.", fix);
}

function urlIn(options: Given<"url">): string | undefined {
  return isA(options.url, URL) ? options.url.href : optionalText(options, "url", "registry.");
}
