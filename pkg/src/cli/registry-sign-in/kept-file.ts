// One text in which docker or podman keep sign-ins: its parts. Nothing of it is ever quoted but the keys that name a
// registry.
import { statSync } from "node:fs";
import { type Fields, isRecord, isText } from "../../foreign.ts";
import { readBytes, systemCode } from "../input.ts";
import { readJsonObject } from "../json-file.ts";
import { Problem } from "../problem.ts";
import { textIn } from "../text-in.ts";
import { shownPath } from "../withheld.ts";
import type { KeptPlace } from "./places.ts";

/** What a file keeps. */
export interface KeptFile {
  /** What messages call it. */
  readonly name: string;
  /** By keys that name registries; each value is still to be read. */
  readonly auths: Fields;
  /** Which helper knows the sign-in of a registry; each value is still to be read. */
  readonly helpers: Fields;
  /** The helper that may know all of them. */
  readonly store: string | undefined;
}

/** Files of sign-ins have some thousand bytes. */
const largest = 1024 * 1024;

/** @returns undefined where there is no such file, or nothing in it: nobody has signed in then */
export function readKeptFile({ named, path }: KeptPlace): KeptFile | undefined {
  if (isMissing(path, named !== undefined)) return undefined;
  const name = shownPath(path) ?? named ?? "the file of sign-ins";
  const bytes = readBytes(path, named ?? "registry sign-in");
  if (bytes.length > largest) throw badFile(`${name}: it is larger than 1 MiB, as no file of sign-ins is.`);
  const text = textIn(bytes);
  if (text === undefined) throw badFile(`${name}: it holds binary data.`);
  return keptIn(text, name);
}

/** The same of a text that was given. */
export function keptIn(text: string, name: string): KeptFile | undefined {
  if (text.trim() === "") return undefined;
  const { value } = readJsonObject(text, name);
  const record = (key: string) => {
    const given = fieldNamed(value, key) ?? {};
    if (isRecord(given)) return given;
    throw badFile(`${name}: "${key}" is not an object.`);
  };
  const store = fieldNamed(value, "credsStore") ?? "";
  if (!isText(store)) throw badFile(`${name}: "credsStore" is not a string.`);
  return { name, auths: record("auths"), helpers: record("credHelpers"), store: store || undefined };
}

/** A field by its name. Where that is not there, one in other capitals counts, as it does for docker and podman. */
export function fieldNamed(fields: Fields, name: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name];
  const other = Object.keys(fields).find((key) => key.toLowerCase() === name.toLowerCase());
  return other === undefined ? undefined : fields[other];
}

export function badFile(message: string): Problem {
  return new Problem("bad-file", message, "Correct the file there.");
}

/** Where a usual place cannot be, nobody has put anything. */
function isMissing(path: string, isNamed: boolean): boolean {
  try {
    statSync(path);
    return false;
  } catch (error) {
    const code = systemCode(error);
    return code === "ENOENT" || (code === "ENOTDIR" && !isNamed);
  }
}
