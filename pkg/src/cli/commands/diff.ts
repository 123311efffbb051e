// `ocisign diff`: what differs between two images, in the words of the page.
import type { ImageChanges, ImageReference, RegistryOptions } from "ocisign";
import { isPlatformName } from "../../compare/pairs.ts";
import { isList, isRecord } from "../../foreign.ts";
import { changesText } from "../changes-text.ts";
import { both, command } from "../command.ts";
import { libraryError } from "../library-error.ts";
import { choice, duration, flag, texts } from "../options.ts";
import { exitCode, usage } from "../problem.ts";
import { registryOptions } from "../registry-options.ts";
import * as sample from "../samples.ts";
import type { Session } from "../session.ts";
import * as settings from "../settings.ts";
import { imageToVerify } from "../tagged-image.ts";

const imageHelp = "registry/repository@sha256:…, or a tag that is resolved";

export const diff = command({
  name: "diff",
  summary: "Tell what differs between two images, and what of it is notable.",
  argument: both(["before", imageHelp], ["after", "the same of the image that is to be judged"]),
  options: {
    packages: choice(
      "--packages <by>",
      "by SBOMs, or by the package databases of layers, too (default: sbom)",
      ["none", "sbom", "layers"],
    ),
    files: flag("--files", "read the layers that differ, and compare their files"),
    platform: texts("--platform <os/arch>", "compare only this platform of an index; may be repeated"),
    totalTimeout: duration("--total-timeout <time>", "stop reading the registry after it (default: 5m)"),
  },
  settings: settings.registry,
  examples: [
    [
      "Briefly, or with the files that differ; both ask no service.",
      `ocisign diff ${sample.previous} ${sample.image}`,
      `ocisign diff ${sample.previous} ${sample.image} --files --packages layers`,
    ],
  ],
  notes:
    "Exit codes: 0 the same image, 6 different, 7 different in something notable.\n" +
    "Settings of the registry are for AFTER, and for BEFORE in the same registry.",
  async run(session, { packages, files, platform, totalTimeout }, [first, second]): Promise<ImageChanges> {
    if (platform && !platform.every(isPlatformName)) {
      throw usage("--platform is not a platform.", "Write it as in linux/amd64 or linux/arm64/v8.");
    }
    const { compareImages } = await import("ocisign");
    const { output, signal, callTimeoutMs } = session;
    const after = await imageToVerify(session, second);
    const reach = (image: Pick<ImageReference, "registry">) => reachFrom(session, image, after);
    const before = await imageToVerify(session, first, { reach });
    output.progress(`comparing ${before.canonical} with ${after.canonical}`);
    const changes = await compareImages(before, after, {
      ...{ packages: packagesIn(packages), files, platforms: platform, signal },
      registry: await registryOptions(session, after),
      ...(before.registry !== after.registry && { registryBefore: await reach(before) }),
      ...{ timeoutMs: callTimeoutMs, totalTimeoutMs: totalTimeout },
    });
    output.settle();
    return changes;
  },
  text: changesText,
  json: withErrors,
  exit: ({ identical, notable }: ImageChanges) => {
    if (identical) return exitCode.done;
    return notable.length > 0 ? exitCode.notable : exitCode.different;
  },
});

/** The option takes no other ones. */
function packagesIn(given: string | undefined): "none" | "sbom" | "layers" | undefined {
  return given === "none" || given === "sbom" || given === "layers" ? given : undefined;
}

/** What opens one registry is no other one's affair: another one is read anonymously. */
async function reachFrom(
  session: Session,
  { registry }: Pick<ImageReference, "registry">,
  after: ImageReference,
): Promise<RegistryOptions> {
  if (registry === after.registry) return registryOptions(session, after);
  session.network.mayKnow(`https://${registry}`);
  return { fetch: session.network.registryFetch };
}

/** An error says nothing as JSON; here it says what an error of a command says. */
function withErrors(value: unknown): unknown {
  const error = libraryError(value);
  if (error) return { code: error.code, message: error.message, fix: error.fix };
  if (isList(value)) return value.map(withErrors);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withErrors(field)]));
}
