// Public keys as people have them: pasted, or in a file. The module reads them, by the rule of the library and the
// command line.

import type { PublicKey } from "ocisign";
import init, { readPublicKey } from "ocisign";
import { insteadOfKey, keyBlocks } from "../../signature/key-blocks.ts";
import { wordsOf } from "../model/errors.ts";
import { strings } from "../strings/index.ts";
import { type GivenTrust, isTrustFile } from "./given-trust.ts";

/** In characters, and in bytes of a file. */
const longest = 65_536;
/** The longest trust file, in bytes: whoever reads it counts its characters. */
const longestTrust = 16 * 1024 * 1024;

/** Why there is no key, and what to do. */
export type Problem = { readonly message: string; readonly fix: string };

export type GivenKey = {
  key?: PublicKey | undefined;
  /** The others, if there are several: any of them may have signed. */
  others?: readonly PublicKey[];
  /** A trust file in their place. */
  trust?: GivenTrust | undefined;
  problem?: Problem | undefined;
};

/** @returns nothing at all for no text */
export function readGivenKey(given: string | Uint8Array): GivenKey {
  if (typeof given === "string" && given.trim() === "") return {};
  if (given.length > longest) return { problem: strings.verify.keyProblems.tooLong };
  try {
    const [key, ...others] = keyBlocks(given).map((text) => readPublicKey(text));
    return { key, others };
  } catch (error) {
    return { problem: problemOf(wordsOf(error).message) };
  }
}

function problemOf(message: string): Problem {
  const { fix, instead } = strings.verify.keyProblems;
  const kind = insteadOfKey(message)?.kind ?? "other";
  return kind === "other" ? { message, fix } : instead[kind];
}

/** What is in a file, as it would be pasted: keys, or a trust file. What could be a private key is not let into the page. */
export async function textOfKeyFile(file: File): Promise<{ text: string } | { problem: Problem }> {
  const { tooLong } = strings.verify.keyProblems;
  if (isTrustFile(await file.slice(0, longest).text())) return textOfTrustFile(file);
  if (file.size > longest) return { problem: tooLong };
  const bytes = new Uint8Array(await file.arrayBuffer());
  await init();
  const { key, others = [], problem } = readGivenKey(bytes);
  if (key) return { text: [key, ...others].map(({ pem }) => pem).join("") };
  return { problem: problem ?? strings.verify.keyProblems.missing };
}

async function textOfTrustFile(file: File): Promise<{ text: string } | { problem: Problem }> {
  if (file.size > longestTrust) return { problem: strings.verify.trustTooLong };
  return { text: await file.text() };
}
