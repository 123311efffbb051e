// What makes a tool accept an image that it refuses. That is not written down anywhere: it follows from the rows. If the
// tool accepts what stands there together with one more signature, that signature mends it.
import { inShell } from "../shown/verify-elsewhere.ts";
import { type Consumer, nameOf, type Refusal } from "./consumer.ts";
import type { Situation, Trait } from "./situation.ts";

/** What makes a tool accept an image. */
export interface Mend {
  /** What it does, in a sentence. */
  readonly what: string;
  /** The command, with `ID` for the product, and `KEY` for the file of the public key. */
  readonly command: string;
}

/** The signatures that may be added, the simplest first. */
const additions: readonly {
  readonly traits: readonly Trait[];
  readonly what: string;
  readonly how: string;
}[] = [
  { traits: ["simple"], what: "Sign it in simple signing, over SHA-256.", how: "" },
  { traits: ["bundle"], what: "Sign it in a bundle, over SHA-256.", how: " --via digest --format bundle" },
  {
    traits: ["bundle", "simple"],
    what: "Sign it in both formats, over SHA-256.",
    how: " --via digest --format both",
  },
];

export function mendsOf(
  consumer: Consumer,
  refusal: Refusal,
  situation: Situation,
  reference: string,
): Mend[] {
  const image = inShell(reference);
  return [...ownOption(consumer, refusal, situation, image), ...signing(consumer, situation, image)];
}

function ownOption(
  { command }: Consumer,
  { option, when }: Refusal,
  { traits, ownHash }: Situation,
  image: string,
): Mend[] {
  if (!command || !option || !(option.when ?? when).includes(nameOf(traits))) return [];
  const hash = (ownHash ?? "").replace("-", "").toLowerCase();
  const args = option.args.map((arg) => arg.replace("{hash}", hash));
  return [{ what: option.what, command: [...command, ...args, image].join(" ") }];
}

/** One more signature suffices, or one in each format. */
function signing({ accepts }: Consumer, { traits }: Situation, image: string): Mend[] {
  const found = additions.find((added) =>
    accepts.includes(nameOf([...new Set([...traits, ...added.traits])].sort())),
  );
  if (!found) return [];
  return [{ what: found.what, command: `ocisign sign ${image}${found.how} --product ID` }];
}
