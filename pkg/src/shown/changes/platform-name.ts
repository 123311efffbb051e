// What a platform is called: `linux/arm64/v8`. Its parts hold nothing but letters, digits, `_`, `.` and `-`.
import type { ImagePlatform } from "ocisign";

type Named = Pick<ImagePlatform, "os" | "architecture" | "variant" | "osVersion">;

export function platformName({ os, architecture, variant, osVersion }: Named): string {
  return [os, architecture, variant, osVersion].filter(Boolean).join("/");
}
