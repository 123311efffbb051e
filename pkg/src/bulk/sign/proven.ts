// What the registry proves already is not asked for again. Only "verified" proves anything here: an image that is
// unsigned, or whose registry is unreachable, is requested.
import type { ImageReference } from "../../image/reference.ts";
import { callsOfAnImage, Hosts } from "../../registry/hosts.ts";
import { openRegistry, type RegistryChoice, SharedAccess } from "../../registry/open.ts";
import type { KeySet } from "../../signature/keys.ts";
import type { Verification } from "../../signature/verification.ts";
import { verifyIn } from "../../signature/verify.ts";

/** A registry that was unreachable so often in a row is asked no more in this run. */
const mostFailures = 5;

export interface ProvenSettings {
  readonly keySet: KeySet;
  readonly registry: RegistryChoice | undefined;
  /** For one call. */
  readonly timeoutMs: number;
  readonly atOnce: number;
}

/** Asks the registries of a run. */
export class Proven {
  readonly #settings: ProvenSettings;
  readonly #access: SharedAccess;
  /** By registry: how often it was unreachable in a row. */
  readonly #failures = new Map<string, number>();

  constructor(settings: ProvenSettings) {
    this.#settings = settings;
    this.#access = new SharedAccess(new Hosts(callsOfAnImage * settings.atOnce, settings.timeoutMs));
  }

  /** The verification, if it is one; nothing where nothing is proven. */
  async of(image: ImageReference, signal: AbortSignal): Promise<Verification | undefined> {
    const failures = this.#failures.get(image.registry) ?? 0;
    if (failures >= mostFailures) return undefined;
    const { keySet, registry: choice, timeoutMs } = this.#settings;
    const registry = typeof choice === "function" ? await choice(image) : choice;
    const place = openRegistry(image, { registry, timeoutMs, signal }, this.#access);
    const verification = await verifyIn(place, image, {
      keys: { of: () => keySet },
      ...{ recursive: false, requireRepository: false },
    });
    const isAway = verification.state === "unreachable";
    this.#failures.set(image.registry, isAway ? (this.#failures.get(image.registry) ?? 0) + 1 : 0);
    return verification.state === "verified" ? verification : undefined;
  }
}
