// The loader for Node. It reads the module at once, so a caller awaits nothing. This is the only instance in a process:
// the ES module beside it re-exports what is made here (tools/build/library.js).
import dns from "node:dns/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OcisignError } from "../error.ts";
import { fieldOf } from "../foreign.ts";
import { resolveWith } from "../http/resolve.ts";
import { adviseWith } from "../http/silence.ts";
import { instance } from "../instance.ts";
import { isOfCertificate } from "../service/passing.ts";
import { certificatePart } from "../signature/certificates.ts";
import { trustPart } from "../signature/trust.ts";
import { hashWith } from "../strict/digest.ts";
import { streamHashWith } from "../strict/hashing.ts";
import "./whole.ts";

export * from "./compare.ts";
export * from "./eager.ts";
export * from "./lazy.ts";

instance.start(new WebAssembly.Module(readModule()));

resolveWith(async (host) => (await dns.lookup(host, { all: true })).map(({ address }) => address));

adviseWith((why) =>
  isOfCertificate(why)
    ? "Check the service's address and certificate; NODE_EXTRA_CA_CERTS names a file with a private CA."
    : "Check the service's address and the network.",
);

// A file of its own: most processes never see a certificate.
certificatePart.load = async () => require("./certificates.cjs") as typeof import("./certificates.ts");

trustPart.load = async () => require("./trust.cjs") as typeof import("./trust.ts");

// Not imported: most of what starts never hashes anything.
hashWith((algorithm, bytes) => {
  const crypto = process.getBuiltinModule?.("node:crypto");
  const name = algorithm.replace("-", "");
  // Of newer versions: it makes no object for each hash.
  if (crypto?.hash) return crypto.hash(name, bytes, "hex");
  return crypto?.createHash(name).update(bytes).digest("hex");
});

streamHashWith((name) => process.getBuiltinModule?.("node:crypto")?.createHash(name));

// Nothing to do; it is there so that the same code runs in browsers and in Node.
export default async function init(): Promise<void> {}

function readModule(): Uint8Array<ArrayBuffer> {
  const file = join(__dirname, "ocisign.wasm");
  try {
    return readFileSync(file);
  } catch (cause) {
    if (fieldOf(cause, "code") !== "ENOENT") throw cause;
    throw new OcisignError(
      "init-failed",
      `The WebAssembly module was not found at ${file}. A bundler may have taken the code away from it.`,
      'Keep "ocisign" out of the bundle: `external`, or in Next.js `serverExternalPackages: ["ocisign"]`.',
      undefined,
      cause,
    );
  }
}
