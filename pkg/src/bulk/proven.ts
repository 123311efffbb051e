// What the registry proves already is not asked for again. Only "verified" proves anything here: an image that is
// unsigned, or whose registry is unreachable, is requested.
import type { ImageReference } from "../image/reference.ts";
import type { RegistryOptions } from "../registry/open.ts";
import type { VerificationKey } from "../signature/keys.ts";
import type { Verification } from "../signature/verification.ts";
import { verifyImage } from "../signature/verify.ts";

/** A registry that was unreachable so often in a row is asked no more in this run. */
const mostFailures = 5;

/** Asks the registries of a run. */
export class Proven {
  readonly #keys: readonly VerificationKey[];
  readonly #registry: RegistryOptions | undefined;
  readonly #timeoutMs: number;
  /** By registry: how often it was unreachable in a row. */
  readonly #failures = new Map<string, number>();

  constructor(keys: readonly VerificationKey[], registry: RegistryOptions | undefined, timeoutMs: number) {
    this.#keys = keys;
    this.#registry = registry;
    this.#timeoutMs = timeoutMs;
  }

  /** The verification, if it is one; nothing where nothing is proven. */
  async of(image: ImageReference, signal: AbortSignal): Promise<Verification | undefined> {
    const failures = this.#failures.get(image.registry) ?? 0;
    if (failures >= mostFailures) return undefined;
    const limits = { timeoutMs: this.#timeoutMs, signal };
    const verification = await verifyImage(image, { keys: this.#keys, registry: this.#registry, ...limits });
    const isAway = verification.state === "unreachable";
    this.#failures.set(image.registry, isAway ? (this.#failures.get(image.registry) ?? 0) + 1 : 0);
    return verification.state === "verified" ? verification : undefined;
  }
}
