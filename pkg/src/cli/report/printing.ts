// `verify --output`: what came of one image or of a list, written for another program in place of the text for people.
import type { Trust } from "../trusted-keys.ts";
import { certificatePolicy } from "./certificate-policy.ts";
import type { ReportEntry } from "./entry.ts";
import { github } from "./github.ts";
import { junit } from "./junit.ts";
import { sarif } from "./sarif.ts";
import { type Policy, vsa } from "./vsa.ts";

export const outputFormats = ["junit", "sarif", "github", "vsa"] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** What is known beside the outcomes. */
export interface Verified {
  /** The file that lists the images, as it may be shown. */
  readonly list?: string | undefined;
  /** What was asked of them. */
  readonly policy: Policy;
  /** Was each of them looked at? Else the run was stopped. */
  readonly isWhole: boolean;
}

/** How the outcome is printed. */
export class Printing {
  readonly #format: OutputFormat;
  readonly #list: string | undefined;
  readonly #asked: Omit<Policy, "keys" | "certificates" | "trust">;
  #trust: Trust | undefined;

  constructor(
    format: OutputFormat,
    list: string | undefined,
    asked: Omit<Policy, "keys" | "certificates" | "trust">,
  ) {
    this.#format = format;
    this.#list = list;
    this.#asked = asked;
  }

  /** Keeps what is trusted, once it was read: a verification summary names it. */
  async noted(trust: Promise<Trust>): Promise<Trust> {
    this.#trust = await trust;
    return this.#trust;
  }

  /** The document, without its last line break. @param isWhole was each image looked at? */
  text(entries: readonly ReportEntry[], isWhole = true): string {
    const verified = { list: this.#list, policy: this.#policy, isWhole };
    return writers[this.#format](entries, verified).replace(/\n$/, "");
  }

  get #policy(): Policy {
    return { ...whoCounts(this.#trust), ...this.#asked };
  }
}

function whoCounts(trust: Trust | undefined): Pick<Policy, "keys" | "certificates" | "trust"> {
  if (trust && "trust" in trust) {
    const { keys, rules, revokedDigests } = trust.trust;
    const at = trust.trustAt && { at: trust.trustAt.toISOString() };
    const file = { keys: [...keys.values()], rules, revokedDigests, ...at };
    // Which keys count is told of each image: its rule says it.
    return { keys: [], certificates: false, trust: file };
  }
  const keys = trust && "keys" in trust ? trust.keys : [];
  return {
    keys: keys.map(({ fingerprint }) => fingerprint).sort(),
    certificates: trust?.certificates !== undefined && certificatePolicy(trust.certificates),
  };
}

const writers: Readonly<
  Record<OutputFormat, (entries: readonly ReportEntry[], verified: Verified) => string>
> = { junit: junitText, sarif, github, vsa };

/** The head counts what follows it. */
function junitText(entries: readonly ReportEntry[]): string {
  const { head, entry, tail } = junit();
  const cases = entries.map(entry);
  return [head(), ...cases, tail].join("");
}
