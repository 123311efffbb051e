// `ocisign verify --layout`: an image, and its signatures, in a folder or an archive. It asks no registry.
import type { ImageReference, LayoutFiles, Verification } from "ocisign";
import { isPlatformName } from "../../compare/pairs.ts";
import { platformName } from "../../shown/changes/platform-name.ts";
import { indexToCover } from "../covered-by.ts";
import { Problem, usage } from "../problem.ts";
import type { Session } from "../session.ts";
import { imageToVerify } from "../tagged-image.ts";
import { attestationDemand, type Demands } from "../verify-elsewhere.ts";
import { openLayout } from "./open.ts";

interface LayoutOptions extends Demands {
  readonly path: string;
  readonly platform: string | undefined;
}

export async function verifyInLayout(
  session: Session,
  text: string,
  options: LayoutOptions,
): Promise<Verification> {
  const { path, platform, trust: read, totalTimeout } = options;
  const { recursive, requireRepository, signedAs } = options;
  if (platform !== undefined && !isPlatformName(platform)) {
    throw usage("--platform is not a platform.", "Write it as in linux/amd64 or linux/arm64/v8.");
  }
  const { verifyImage } = await import("ocisign");
  const { output, signal } = session;
  const layout = await openLayout(path, signal);
  try {
    const whole = await imageToVerify(session, text, { layout });
    const image = platform === undefined ? whole : await ofPlatform(whole, platform, layout);
    const coveredBy = await indexToCover(session, image, options.coveredBy, layout);
    const trust = await read();
    output.progress(`verifying ${image.canonical}`);
    const verification = await verifyImage(image, {
      ...{ ...trust, recursive, requireRepository, signedAs, coveredBy },
      ...attestationDemand(options),
      ...{ layout, signal, totalTimeoutMs: totalTimeout },
    });
    output.settle();
    return verification;
  } finally {
    await layout.close();
  }
}

/** The image of an index for a platform; the digest says from then on which one it is. */
async function ofPlatform(
  image: ImageReference,
  platform: string,
  layout: LayoutFiles,
): Promise<ImageReference> {
  const { describeImage, parseReference } = await import("ocisign");
  const { platforms } = await describeImage(image, { layout });
  const found = platforms.filter((one) => platformName(one) === platform);
  const [first, ...others] = found;
  if (first && others.every(({ digest }) => digest === first.digest)) {
    return parseReference(`${image.registry}/${image.repository}@${first.digest}`);
  }
  const names = [...new Set(platforms.map(platformName))];
  const what = first ? "has several images for" : "has no image for";
  const there = names.length > 0 ? ` It has: ${names.join(", ")}.` : "";
  const fix = first ? "Name the image by its digest." : "Name another platform, or leave --platform out.";
  throw new Problem("not-found", `--platform: the image ${what} ${platform}.${there}`, fix);
}
