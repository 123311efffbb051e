// What to do where a command takes one thing and was given several. The words are not repeated: one may be a secret.
import type { Command } from "commander";

const fixes: Readonly<Record<string, string>> = {
  sign: "Name one image, or put one a line into a file, and give it with --from-file.",
  verify: "Name one image; run the command once for each.",
  diff: "Name two images: the one before, and the one after.",
  status: "Name one request; run the command once for each, or list them with `ocisign signings`.",
  products: "Name one product, or none to list all. Put a name of several words in quotes.",
};

/** The fix for too many arguments of a command, if there is more to say than that. */
export function fixForTooMany(command: Command | undefined): string | undefined {
  return fixes[command?.name() ?? ""];
}
