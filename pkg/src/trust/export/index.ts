// Trust files as policies of others, who admit and run images without ocisign. A policy admits nothing that a trust file
// refuses. What its consumer cannot be told it refuses, and the export says so.
import { isText } from "../../foreign.ts";
import { momentOf } from "../../instant.ts";
import type { TrustPolicy } from "../policy.ts";
import { readTrust } from "../read.ts";
import { badInput } from "./bad-input.ts";
import { toContainers } from "./containers.ts";
import { toKyverno } from "./kyverno.ts";
import { type Plan, planOf } from "./plan.ts";
import { toPolicyController } from "./policy-controller.ts";
import { toRatify } from "./ratify.ts";
import type { ExportedFile, Written } from "./written.ts";

export type { ExportedFile };

const writers = {
  kyverno: toKyverno,
  "policy-controller": toPolicyController,
  containers: toContainers,
  ratify: toRatify,
} satisfies Record<string, (plan: Plan) => Written>;

/** For whom a policy is written: `containers` are podman, buildah, skopeo and CRI-O. */
export type Consumer = keyof typeof writers;

/** Every {@link Consumer}. */
// The keys of an object are its own, and no others.
export const consumers = Object.keys(writers) as readonly Consumer[];

/** Options of {@link exportTrust}. */
export interface ExportTrustOptions {
  /** For whom. */
  to: Consumer;
  /** The time for which keys are asked whether they count: a `Date`, or a text as RFC 3339 writes it. Default now. */
  at?: Date | string | undefined;
  /**
   * Repositories, as `registry/repository`: the policy is for these alone. A consumer that cannot be told what a rule
   * means for every repository can often be told for each.
   */
  repositories?: readonly string[] | undefined;
}

/** Policies of a consumer. */
export interface TrustExport {
  /** The files, each with its path. */
  readonly files: readonly ExportedFile[];
  /**
   * What the consumer cannot be told, each with the name of its rule: for this it refuses images that the trust file
   * admits. Empty, if the policy means the same.
   */
  readonly notExpressed: readonly string[];
  /** What the consumer does otherwise, whatever a policy says. */
  readonly limits: readonly string[];
  /** The first moment (RFC 3339) in which a key of the file begins or ceases to count. */
  readonly until?: string;
}

/**
 * Writes a trust file as the policy of a consumer that does not read trust files.
 *
 * The policy admits nothing that the trust file refuses, but for what `limits` says. What the consumer cannot be told,
 * it refuses; `notExpressed` then says what and why.
 *
 * @throws {OcisignError} `bad-input` for an unknown consumer, or for a repository that no rule holds for; `bad-trust` for
 *   a mistake in the file.
 * @example
 * ```js
 * import { exportTrust, readTrust } from "ocisign/trust";
 *
 * const trust = readTrust({
 *   version: 1,
 *   keys: { "release-2026": { publicKey: pem } },
 *   rules: [{ name: "team apps", images: ["registry.example/team/**"], keys: ["release-2026"] }],
 * });
 * const { files, notExpressed } = exportTrust(trust, { to: "kyverno" });
 * console.log(files[0]?.path, notExpressed.length); // kyverno.yaml 0
 * ```
 */
export function exportTrust(
  trust: string | object | TrustPolicy,
  { to, at = new Date(), repositories }: ExportTrustOptions,
): TrustExport {
  if (!isConsumer(to)) throw badInput("to is no consumer.", `Pass one of ${consumers.join(", ")}.`);
  const plan = planOf(readTrust(trust), momentIn(at), textsIn(repositories));
  const { until } = plan;
  return { ...writers[to](plan), ...(until === undefined ? {} : { until }) };
}

function isConsumer(given: unknown): given is Consumer {
  return isText(given) && Object.hasOwn(writers, given);
}

function textsIn(given: unknown): readonly string[] | undefined {
  if (given === undefined) return undefined;
  if (Array.isArray(given) && given.length > 0 && given.every(isText)) return given;
  throw badInput("repositories is no list of texts.", "Pass registry/repository of each.");
}

function momentIn(given: unknown): Date {
  const moment = momentOf(given);
  if (moment) return moment;
  throw badInput("at is no time.", "Pass a Date, or a text such as 2026-01-31T12:00:00Z.");
}
