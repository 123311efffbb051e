// Opens the registry of an image, as a caller's options say it is reached.
import { isA } from "../foreign.ts";
import type { Fetch } from "../http/fetch.ts";
import type { ImageReference } from "../image/reference.ts";
import {
  checkOptions,
  type Given,
  optionalFunction,
  optionalSignal,
  optionalText,
  positive,
} from "../options.ts";
import { Budget } from "./budget.ts";
import { RegistryClient } from "./client.ts";

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
  /** Where the signatures are, when not beside the image: a repository of the same registry. */
  repository?: string | undefined;
}

/** A registry that was opened, and the repository in it that holds the image's signatures. */
export interface OpenRegistry {
  readonly client: RegistryClient;
  readonly repository: string;
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

export function openRegistry(
  image: Pick<ImageReference, "registry" | "repository">,
  given: Given<(typeof reachOptions)[number]>,
): OpenRegistry {
  const options = checkOptions(given.registry === undefined ? {} : given.registry, known, "registry");
  const text = (key: "username" | "password" | "repository") => optionalText(options, key, "registry.");
  const client = new RegistryClient({
    domain: image.registry,
    url: urlIn(options),
    username: text("username"),
    password: text("password"),
    fetch: optionalFunction<Fetch>(options, "fetch"),
    signal: optionalSignal(given, "signal"),
    timeoutMs: positive(given, "timeoutMs"),
    budget: new Budget(positive(given, "totalTimeoutMs"), positive(given, "totalBytes")),
  });
  return { client, repository: text("repository") ?? image.repository };
}

function urlIn(options: Given<"url">): string | undefined {
  return isA(options.url, URL) ? options.url.href : optionalText(options, "url", "registry.");
}
