// What completion keeps for half a minute, so that the second key is answered at once, and a slow token command runs
// once. It holds ids and names, and nothing secret: a token that was given itself is not even hashed for its key, so
// with one nothing is kept.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isList, isRecord } from "../foreign.ts";
import type { Value } from "./completion-values.ts";
import { cacheFolder } from "./own-folders.ts";
import type { Settings } from "./settings.ts";

const longestMs = 30_000;

/** What was kept for these settings, if it is fresh. */
export function kept(settings: Settings, list: string): readonly Value[] | undefined {
  const key = keyOf(settings);
  const folder = cacheFolder();
  if (key === undefined || folder === undefined) return undefined;
  try {
    const found: unknown = JSON.parse(readFileSync(fileIn(folder, list), "utf8"));
    if (!isRecord(found) || found.key !== key || !isList(found.values)) return undefined;
    const age = Date.now() - Number(found.at);
    return age >= 0 && age < longestMs ? found.values.filter(isValue) : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the values, and gives them back. Where that is not possible, they are asked for again the next time. */
export function keep(settings: Settings, list: string, values: readonly Value[]): readonly Value[] {
  const key = keyOf(settings);
  const folder = cacheFolder();
  if (key === undefined || folder === undefined) return values;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = fileIn(folder, list);
    const whole = `${file}.${process.pid}`;
    writeFileSync(whole, JSON.stringify({ key, at: Date.now(), values }), { mode: 0o600 });
    renameSync(whole, file);
  } catch {
    // A full disk or a read-only home is no reason to complete nothing.
  }
  return values;
}

function isValue(value: unknown): value is Value {
  return isRecord(value) && typeof value.value === "string" && typeof value.description === "string";
}

function fileIn(folder: string, list: string): string {
  return join(folder, `completion-${list}.json`);
}

/** Which service, and whose token: by the place that it comes from. */
function keyOf({ url, profile, token, tokenFile, tokenCommand, cert }: Settings): string | undefined {
  const isFile = token?.isFlag && token.value.startsWith("@");
  if (token && !isFile) return undefined;
  // Of a sign-in, another person may have signed in meanwhile.
  if (!token && !tokenFile && !tokenCommand) return undefined;
  const file = isFile ? token.value.slice(1) : tokenFile?.value;
  const places = [url, profile, tokenCommand, cert].map((setting) => setting?.value ?? null);
  return createHash("sha256")
    .update(JSON.stringify([...places, file ?? null, changeOf(file)]))
    .digest("hex");
}

/** Another token in the same file may be another person's. */
function changeOf(file: string | undefined): number | undefined {
  return file === undefined ? undefined : statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}
