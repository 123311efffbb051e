// What reads foreign text and bytes, from its sources: for tests that reach each reader alone, whatever its callers let
// through to it.
import { importLibrary, importSource } from "./source.js";

/** The library's, with one instance of the module. */
const library = await importLibrary(
  [
    ...["strict/base64", "strict/fault", "strict/json", "strict/manifest", "strict/shapes"],
    ...["signature/proof/manifest", "signature/proof/simple-signing", "signature/proof/bundle"],
    ...[
      "signature/proof/statement",
      "signature/proof/ecdsa",
      "signature/given-signature",
      "signature/key-blocks",
    ],
    ...["http/link", "http/retry-after", "registry/auth", "registry/referrers-index", "image/manifest"],
    ...[
      "layout/entries",
      "proof-file/read",
      "proof-file/format",
      "proof-file/verify",
      "signature/verify",
      "instant",
      "entry/eager",
    ],
  ].map((name) => `pkg/src/${name}.ts`),
);

/** @type {typeof import("../../pkg/src/strict/base64.ts")} */
export const base64 = library;
/** @type {typeof import("../../pkg/src/strict/fault.ts")} */
export const { Fault, quoted } = library;
/** @type {typeof import("../../pkg/src/strict/json.ts")} */
export const { parseStrictly } = library;
/** @type {typeof import("../../pkg/src/strict/manifest.ts")} */
export const { manifestAt } = library;
/** @type {typeof import("../../pkg/src/strict/shapes.ts")} */
export const shapes = library;
/** @type {typeof import("../../pkg/src/signature/proof/manifest.ts")} */
export const { candidatesIn, referrersInIndex } = library;
/** @type {typeof import("../../pkg/src/signature/proof/simple-signing.ts")} */
export const { checkPayload } = library;
/** @type {typeof import("../../pkg/src/signature/proof/bundle.ts")} */
export const { openBundle } = library;
/** @type {typeof import("../../pkg/src/signature/proof/statement.ts")} */
export const { checkStatement, checkAttestation, predicateTypeIn } = library;
/** @type {typeof import("../../pkg/src/signature/proof/ecdsa.ts")} */
export const { fixedLength } = library;
/** @type {typeof import("../../pkg/src/signature/given-signature.ts")} */
export const { readings } = library;
/** @type {typeof import("../../pkg/src/signature/key-blocks.ts")} */
export const { keyBlocks } = library;
/** @type {typeof import("../../pkg/src/http/link.ts")} */
export const { parseLinks } = library;
/** @type {typeof import("../../pkg/src/http/retry-after.ts")} */
export const { retryAfterSeconds } = library;
/** @type {typeof import("../../pkg/src/instant.ts")} */
export const { momentOf } = library;
/** @type {typeof import("../../pkg/src/registry/auth.ts")} */
export const { parseChallenges } = library;
/** @type {typeof import("../../pkg/src/image/manifest.ts")} */
export const { readManifest, readConfig, manifestsIn, blobsIn } = library;
/** @type {typeof import("../../pkg/src/layout/entries.ts")} */
export const layoutEntries = library;
/** @type {typeof import("../../pkg/src/proof-file/read.ts") & typeof import("../../pkg/src/proof-file/format.ts")} */
export const { readProof, writeProof } = library;
/** The public surface of the same instance: its errors are those that the readers throw. @type {typeof import("../../pkg/src/entry/eager.ts")} */
export const { OcisignError, parseReference } = library;

/** @type {typeof import("../../pkg/src/signature/verify.ts")} */
export const { verifySignatures } = library;
/** @type {typeof import("../../pkg/src/proof-file/verify.ts")} */
export const { verifyProof } = library;

/** @type {typeof import("../../pkg/src/certificates/pem.ts")} */
export const pem = await importSource("pkg/src/certificates/pem.ts");
/** @type {typeof import("../../pkg/src/certificates/index.ts")} */
export const certificates = await importSource("pkg/src/certificates/index.ts");
/** @type {typeof import("../../pkg/src/compare/secret-looking.ts")} */
export const secretLooking = await importSource("pkg/src/compare/secret-looking.ts");
/** @type {typeof import("../../pkg/src/trust/index.ts")} */
export const trust = await importSource("pkg/src/trust/index.ts");

/** The command line's, which have the built package as their library. */
const commandLine = await importLibrary(
  [
    ...["bulk/entries", "problem", "registry-sign-in/kept-file", "registry-sign-in/keys"],
    "registry-sign-in/entry",
  ].map((name) => `pkg/src/cli/${name}.ts`),
);
/** @type {typeof import("../../pkg/src/cli/bulk/entries.ts")} */
export const imageList = commandLine;
/** @type {typeof import("../../pkg/src/cli/problem.ts")} */
export const { Problem } = commandLine;
/** `kept-file.ts`, `keys.ts` and `entry.ts` of `cli/registry-sign-in`, whose types lead to the whole command line. */
export const signIns = commandLine;

/** The journal's, whose errors are the built package's, too. @type {typeof import("../../pkg/src/journal/reading.ts") & typeof import("../../pkg/src/journal/line.ts")} */
export const journal = await importLibrary(["pkg/src/journal/reading.ts", "pkg/src/journal/line.ts"]);
