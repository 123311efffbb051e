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
import { type RegistrySignIn, signInIn, signInOf, signInOptions } from "./sign-in.ts";
import type { OpenSource } from "./source.ts";

/** Where and how the registry is reached. */
export interface RegistryOptions extends RegistrySignIn {
  /** In place of `https://` and the reference's registry: a reverse proxy that allows CORS, for instance. */
  url?: string | URL | undefined;
  /** Called in place of the platform's. */
  fetch?: Fetch | undefined;
  /**
   * Where the signatures are, when not beside the image: another repository of the same registry, `team/signatures`, or
   * of another one, `ghcr.io/team/signatures`. Another registry is read by this `fetch`, and with `repositorySignIn`:
   * `url`, `username`, `password` and the tokens are the image's registry's.
   */
  repository?: string | undefined;
  /** What opens `repository`, if not what opens the image's; another registry is read anonymously without it. */
  repositorySignIn?: RegistrySignIn | undefined;
}

/**
 * How the registries of many images are reached: in one way, or as a function says for an image. It is called for each
 * image, and may return a promise.
 */
export type RegistryChoice =
  | RegistryOptions
  | ((image: ImageReference) => RegistryOptions | undefined | Promise<RegistryOptions | undefined>);

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

  /** Of a place, for exactly this sign-in: what one place gave, or was given, no other one sees. */
  authenticator(place: string, signIn: RegistrySignIn): Authenticator {
    const name = JSON.stringify([place, signInOptions.map((key) => signIn[key])]);
    const known = this.#authenticators.get(name) ?? new Authenticator(signIn);
    this.#authenticators.set(name, known);
    return known;
  }
}

const known = ["url", ...signInOptions, "fetch", "repository", "repositorySignIn"] as const;

/** A copy of what a caller passes, for a call that opens the registry only later. */
export function copyOfRegistry(registry: RegistryOptions | undefined): RegistryOptions | undefined {
  if (registry === undefined) return undefined;
  const options = checkOptions(registry, known, "registry");
  // What each field is, openRegistry checks; and the one that has fields of its own is checked when it is copied.
  const repositorySignIn = signInIn(options.repositorySignIn);
  return { ...options, url: urlIn(options), repositorySignIn } as RegistryOptions;
}

/** The same for many images; what a function says is copied when it says it. */
export function copyOfChoice(choice: RegistryChoice | undefined): RegistryChoice | undefined {
  return typeof choice === "function" ? choice : copyOfRegistry(choice);
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
  authenticator?(place: string, signIn: RegistrySignIn): Authenticator;
}

/** @param common of a run of many images, or of several registries that are read for one answer */
export function openRegistry(
  image: Place,
  given: Given<(typeof reachOptions)[number]>,
  common: Common = {},
): OpenRegistry {
  const options = checkOptions(given.registry === undefined ? {} : given.registry, known, "registry");
  const place = placeOf(image, optionalText(options, "repository", "registry."));
  const shared = {
    fetch: optionalFunction<Fetch>(options, "fetch"),
    signal: optionalSignal(given, "signal"),
    timeoutMs: positive(given, "timeoutMs"),
    budget: common.budget ?? new Budget(positive(given, "totalTimeoutMs"), positive(given, "totalBytes")),
    hosts: common.hosts,
  };
  const signIn = signInOf(options, "registry.");
  const own = new RegistryClient({
    ...shared,
    domain: image.registry,
    url: urlIn(options),
    ...signIn,
    authenticator: common.authenticator?.(urlIn(options) ?? image.registry, signIn),
  });
  const besides = signInIn(options.repositorySignIn);
  const isSame = place.registry === image.registry;
  const url = isSame ? urlIn(options) : undefined;
  // Another registry gets none of the secrets that are for the image's.
  const client =
    isSame && besides === undefined
      ? own
      : new RegistryClient({
          ...{ ...shared, domain: place.registry, url, ...besides },
          authenticator: common.authenticator?.(url ?? place.registry, besides ?? {}),
        });
  return { image: own, client, repository: place.repository };
}

/**
 * Where the signatures are. As in a reference, a first part with a `.` or a `:`, or `localhost`, is a registry; and what
 * is none in a reference is none here.
 */
function placeOf(image: Place, repository: string | undefined): Place {
  if (repository === undefined) return image;
  const [first = ""] = repository.split("/", 1);
  const namesRegistry = first !== repository && /[.:]|^localhost$/i.test(first);
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
