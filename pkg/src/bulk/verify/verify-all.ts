// Verifies many images: a few at a time, at the pace of their registries.
import { fail, OcisignError } from "../../error.ts";
import { parseReference } from "../../image/read.ts";
import type { ImageReference } from "../../image/reference.ts";
import {
  checkOptions,
  count,
  type Given,
  isOn,
  optionalFunction,
  optionalSignal,
  positive,
} from "../../options.ts";
import { callsOfAnImage, Hosts } from "../../registry/hosts.ts";
import {
  copyOfChoice,
  openRegistry,
  type RegistryChoice,
  type RegistryOptions,
  reachOptions,
  SharedAccess,
} from "../../registry/open.ts";
import { signInOptions } from "../../registry/sign-in.ts";
import { type KeyChoice, keyOptions, readKeyChoice } from "../../signature/keys.ts";
import { attestationOptions, readAttestationDemand } from "../../signature/required.ts";
import { type Demand, demandOptions, readDemand, verifyIn } from "../../signature/verify.ts";
import type { WrongItem } from "../artifacts.ts";
import type { BulkProgress, VerifyOutcome } from "../outcome.ts";
import type { Artifacts } from "../sign/sign-options.ts";
import { asTheyEnd } from "./as-they-end.ts";
import { References, type Wanted } from "./verify-list.ts";
import type { VerifyAllOptions } from "./verify-options.ts";

const usualConcurrency = 16;
/** For one call to a registry, unless the caller says otherwise: as long as it lasts, an outage is bridged. */
const usualTimeoutMs = 30_000;
/** Registries that are verified at the same time, each with all images that it may have. */
const registriesAtOnce = 4;
/** So many images are read that did not end: as long as these are of a slow registry only, others wait. */
const ahead = 1000;

const own = [...demandOptions, ...attestationOptions, "concurrency", "keepGoing", "onProgress"] as const;
const known = [...keyOptions, ...reachOptions, ...own];

type Options = Given<(typeof known)[number]>;

/**
 * Verifies the signatures of many images, and tells the outcome of each when it is there: `index` says which one it is.
 * Each image is verified as {@link verifyImage} does it. Keys are read once. The images of a registry share its tokens,
 * and ask it at a pace that it can bear: a 429 and its `Retry-After` slow down all of them. A registry that answers
 * nobody for `timeoutMs` makes its images `unreachable` at once, until it answers again.
 *
 * An array, or a function that gives the same list at each call, is checked as a whole before the first request. What
 * can be walked along only once is checked as it comes. Memory does not grow with the list. A loop that is left, and an
 * abort, end all requests.
 *
 * @throws {OcisignError} at the first step: for wrong arguments, as {@link verifyImage}; `bad-list` when something in the
 *   list is wrong and `keepGoing` is not set: its `wrong` names each. Later: `aborted`, what a source throws, and
 *   `bad-list` for a wrong reference of a list that could not be checked.
 * @example
 * ```js
 * import { verifyAll } from "ocisign";
 *
 * for await (const { reference, verification, error } of verifyAll([image], { publicKey: pem })) {
 *   if (verification?.state !== "verified") console.log(`${reference}: ${verification?.reason ?? error?.message}`);
 * }
 * ```
 */
export async function* verifyAll(
  references: Artifacts,
  options: VerifyAllOptions,
): AsyncGenerator<VerifyOutcome, void, undefined> {
  const run = await VerifyRun.begin(references, options);
  yield* run.outcomes();
}

class VerifyRun {
  readonly #options: Options;
  readonly #references: References;
  readonly #demand: Demand;
  readonly #access: SharedAccess;
  readonly #concurrency: number;
  readonly #signal: AbortSignal | undefined;
  readonly #onProgress: ((progress: BulkProgress) => void) | undefined;
  readonly #keepsGoing: boolean;

  /** Reads all options, and then the list, before anything is asked for. */
  static async begin(references: Artifacts, given: unknown): Promise<VerifyRun> {
    const options: Options = checkOptions(given, known);
    // What each field is, openRegistry checks.
    options.registry = copyOfChoice(options.registry as RegistryChoice | undefined);
    const run = new VerifyRun(references, options, await readKeyChoice(options));
    return run;
  }

  private constructor(references: Artifacts, options: Options, keys: KeyChoice) {
    this.#options = options;
    this.#signal = optionalSignal(options, "signal");
    this.#onProgress = optionalFunction(options, "onProgress");
    this.#concurrency = count(options, "concurrency") ?? usualConcurrency;
    this.#keepsGoing = isOn(options, "keepGoing");
    this.#demand = { ...readDemand(options), attested: readAttestationDemand(options), keys };
    const patienceMs = positive(options, "timeoutMs") ?? usualTimeoutMs;
    this.#access = new SharedAccess(new Hosts(callsOfAnImage * this.#concurrency, patienceMs));
    // What is wrong with the registry's options is wrong for every image.
    if (typeof options.registry !== "function") openRegistry(someImage(), options);
    const checkRegistry = isOneRegistrys(options.registry);
    this.#references = new References(references, (image) => {
      keys.of(image);
      checkRegistry(image);
    });
  }

  async *outcomes(): AsyncGenerator<VerifyOutcome, void, undefined> {
    const look = () => {
      if (this.#signal?.aborted) throw aborted(this.#signal);
    };
    look();
    const mayBeWrong = this.#keepsGoing;
    const total = this.#references.isReplayable ? await this.#references.count(mayBeWrong, look) : undefined;
    const bounds = {
      groupOf: (item: Wanted | WrongItem) => (item.wrong ? "" : item.image.registry),
      atOnce: this.#concurrency,
      mostAtOnce: this.#concurrency * registriesAtOnce,
      ahead: Math.max(ahead, this.#concurrency * registriesAtOnce),
      signal: this.#signal,
    };
    const counts: Record<string, number> = {};
    let done = 0;
    try {
      const items = this.#references.items(mayBeWrong);
      for await (const outcome of asTheyEnd(items, bounds, (item, signal) => this.#verify(item, signal))) {
        const name = outcome.verification?.state ?? "failed";
        counts[name] = (counts[name] ?? 0) + 1;
        done += 1;
        this.#onProgress?.({ total, done, counts: { ...counts } });
        yield outcome;
      }
    } catch (error) {
      look();
      throw error;
    }
  }

  async #verify(item: Wanted | WrongItem, signal: AbortSignal): Promise<VerifyOutcome> {
    const { index } = item;
    if (item.wrong) return { index, reference: item.given, error: item.wrong };
    const { image } = item;
    const { registry } = this.#options;
    // What a function returns, openRegistry checks.
    const reach: unknown = typeof registry === "function" ? await registry(image) : registry;
    const place = openRegistry(image, { ...this.#options, registry: reach, signal }, this.#access);
    try {
      return { index, reference: image.canonical, verification: await verifyIn(place, image, this.#demand) };
    } catch (error) {
      if (!(error instanceof OcisignError) || ofAll.includes(error.code)) throw error;
      return { index, reference: image.canonical, error };
    }
  }
}

/** What one image ends with, and all others would, too. */
const ofAll: readonly string[] = ["aborted", "no-crypto", "not-initialized", "module-broken"];

/** Where a password, or another address, is given for one registry, no image of another one is asked for with them. */
function isOneRegistrys(registry: unknown): (image: ImageReference) => void {
  if (typeof registry !== "object" || registry === null) return () => {};
  // What each field is, openRegistry has checked.
  const options = registry as RegistryOptions;
  const isSignIn = signInOptions.some((key) => options[key] !== undefined);
  if (options.url === undefined && !isSignIn) return () => {};
  const named = !isSignIn ? "url" : options.username === undefined ? "token" : "password";
  let only: string | undefined;
  return (image) => {
    only ??= image.registry;
    if (image.registry === only) return;
    const what = `registry names a ${named} for one registry, ${only}; this image is in ${image.registry}.`;
    throw fail("bad-input", what, "Pass a function as registry, which says it for each image's registry.");
  };
}

function aborted(signal: AbortSignal): OcisignError {
  return fail(
    "aborted",
    "The caller's signal stopped it.",
    "Start again when wanted.",
    signal.reason,
  ) as OcisignError;
}

function someImage(): ImageReference {
  return parseReference(`registry.example/some/image@sha256:${"0".repeat(64)}`);
}
