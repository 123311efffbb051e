// Opens what carries an SBOM: an in-toto statement, bare or in a DSSE envelope, bare or in a Sigstore bundle. Whether the
// signature holds is not asked: an SBOM is a claim, and is told as one. That it is a claim about this image is asked.
import { fieldOf, isList, isText } from "../../foreign.ts";
import type { Digest } from "../../image/reference.ts";
import { isBillType } from "../../signature/attestation-types.ts";
import { payloadType } from "../../signature/proof/envelope.ts";
import { quoted, refuse } from "../../strict/fault.ts";
import { type Bill, BillReader } from "./bill.ts";
import { readParts, type Wanted } from "./json-parts.ts";

/** What it is wrapped in. */
export type Wrapping = "none" | "statement" | "envelope" | "bundle";

/** What was opened: a bill, and which digests it says that it is about; without a wrapping it does not say. */
export interface Opened {
  readonly bill: Bill;
  readonly subjects: readonly string[] | undefined;
}

/** Opens it; nothing if it carries something else than an SBOM. */
export async function openBill(bytes: Uint8Array, wrapping: Wrapping): Promise<Opened | undefined> {
  if (wrapping === "none") return { bill: await readBill(bytes), subjects: undefined };
  if (wrapping === "statement") return readStatement(bytes);
  return readStatement(await payloadIn(bytes, wrapping === "bundle" ? "dsseEnvelope/" : ""));
}

async function readBill(bytes: Uint8Array): Promise<Bill> {
  const reader = new BillReader();
  const take: Wanted["take"] = (path, value) => reader.take(path, value);
  await readParts(bytes, "The SBOM", { paths: BillReader.paths(""), take });
  return reader.bill();
}

const prefix = "predicate/";
/** Where cosign 1 and 2 put a document, as an object or as text. */
const data = "predicate/Data";

async function readStatement(bytes: Uint8Array): Promise<Opened | undefined> {
  const reader = new BillReader();
  let [type, subject]: unknown[] = [];
  let inner: Uint8Array | undefined;
  await readParts(bytes, "The statement", {
    paths: {
      ...{ subject: "take", predicateType: "take", predicate: "enter", [data]: "enter" },
      ...BillReader.paths(prefix),
      ...BillReader.paths(`${data}/`),
    },
    take: (path, value) => {
      if (path === "subject") subject = value;
      else if (path === "predicateType") type = value;
      else reader.take(path.slice(path.startsWith(`${data}/`) ? data.length + 1 : prefix.length), value);
    },
    raw: (path, text) => {
      if (path === data) inner = text;
    },
  });
  if (!isText(type) || !isBillType(type)) return undefined;
  const bill = inner && !reader.isAny ? await readBill(unescaped(inner)) : reader.bill();
  return { bill, subjects: digestsIn(subject) };
}

/** The bytes of a JSON string, as what it says. */
function unescaped(bytes: Uint8Array): Uint8Array {
  return new TextEncoder().encode(JSON.parse(`"${new TextDecoder().decode(bytes)}"`));
}

function digestsIn(subjects: unknown): string[] {
  if (!isList(subjects)) return refuse("The statement says of nothing what it says.");
  return subjects.flatMap((one) => {
    const digests = fieldOf(one, "digest");
    // The digest that is wanted is a text.
    return Object.entries(Object(digests)).flatMap(([name, hex]) => (isText(hex) ? `${name}:${hex}` : []));
  });
}

/** Refuses a bill of something else. */
export function checkSubject(subjects: readonly string[], digest: Digest): void {
  if (subjects.includes(digest)) return;
  const [first] = subjects;
  refuse(`The SBOM is of another image, ${first === undefined ? "of none" : quoted(first)}.`);
}

async function payloadIn(bytes: Uint8Array, at: string): Promise<Uint8Array> {
  let payload: Uint8Array | undefined;
  let holds: unknown;
  await readParts(bytes, "The envelope", {
    paths: { dsseEnvelope: "enter", [`${at}payload`]: "enter", [`${at}payloadType`]: "take" },
    take: (_, value) => {
      holds = value;
    },
    raw: (path, text) => {
      if (path === `${at}payload`) payload = decoded(text);
    },
  });
  if (holds !== payloadType) {
    const other = isText(holds) ? holds : JSON.stringify(holds);
    refuse(`The envelope holds ${quoted(other)}, not an in-toto statement.`);
  }
  return payload ?? refuse("The envelope has no payload.");
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const values = new Int8Array(128).fill(-1);
for (const [value, letter] of [...alphabet].entries()) values[letter.charCodeAt(0)] = value;
// The alphabet for URLs, which DSSE allows as well (`envelope.md`).
values["-".charCodeAt(0)] = 62;
values["_".charCodeAt(0)] = 63;
const [pad, backslash] = [0x3d, 0x5c];

/** Base64, without a text of tens of megabytes on the way. */
function decoded(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let [length, bits, held] = [0, 0, 0];
  let isOver = false;
  for (const byte of text) {
    // JSON may write `\/` for a slash.
    if (byte === backslash) continue;
    if (byte === pad) {
      isOver = true;
      continue;
    }
    const value = values[byte] ?? -1;
    if (value < 0 || isOver) return refuse("The envelope's payload is not base64.");
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = (held >> bits) & 0xff;
  }
  return bytes.subarray(0, length);
}
