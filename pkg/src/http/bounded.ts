// A service's reply, and no more of it than a service has to say: this holds for whoever asks for its text. What a
// registry sends has limits of its own.
import type { OcisignErrorConstructor } from "../error.ts";
import { fieldOf, hasMethod } from "../foreign.ts";

/** The longest reply of a service, in bytes of its decoded body: of a list without pages, some 250,000 requests. */
const mostReplyBytes = 256 * 1024 * 1024;
/** The most values of such a reply: of `{}` in three bytes, a program keeps twenty times as many, and ends where it has no more. */
const mostValues = 16 * 1024 * 1024;
/** What announces no more than this has no more values than that, whatever it holds. */
const shortBytes = mostValues;

/** What of a platform's reply is needed. */
interface Textual {
  readonly headers: { get(name: string): string | null };
  text(): PromiseLike<string>;
}

/**
 * The same reply, whose `text()` reads no more than is allowed.
 *
 * @param method that it was asked for with: what is too long after a call that acts may have been a success
 * @param Kind of error, which has to be the one of the library that calls
 */
export function bounded<Given extends Textual>(
  reply: Given,
  method: string | undefined,
  Kind: OcisignErrorConstructor,
): Given {
  if (!hasMethod(fieldOf(reply, "body"), "getReader") || isShort(reply)) return reply;
  const text = async () => {
    const whole = await textUpTo(reply, mostReplyBytes, mostValues);
    if (whole !== undefined) return whole;
    const message = `The service's reply is larger than the ${mostReplyBytes} bytes, or ${mostValues} values, that are allowed for it.`;
    const acts = method !== undefined && method !== "GET";
    const address = "Check the service's address; something else may have answered.";
    const fix = acts ? `${address} Look whether it was done before you send it again.` : address;
    throw new Kind("bad-reply", message, fix, undefined, undefined, acts ? "maybe" : "no");
  };
  return Object.defineProperty(reply, "text", { value: text });
}

/** Then the connection ends it, and nothing has to be counted. */
function isShort({ headers }: Textual): boolean {
  const length = headers.get("content-length");
  return length !== null && headers.get("content-encoding") === null && Number(length) <= shortBytes;
}

/**
 * The text of a reply, unless it is longer. A body that never ends is not read to its end.
 *
 * @param most values of JSON; as many as there are if left out
 */
export async function textUpTo(
  reply: Textual,
  mostBytes: number,
  most = Number.POSITIVE_INFINITY,
): Promise<string | undefined> {
  const body = fieldOf(reply, "body");
  if (!hasMethod(body, "getReader")) {
    const text = await reply.text();
    return text.length <= mostBytes ? text : undefined;
  }
  // Whatever has this method is a stream of bytes here.
  const reader = body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  const decoder = new TextDecoder();
  const parts: string[] = [];
  for (let [length, values] = [0, 0]; length <= mostBytes && values <= most; ) {
    const { value } = await reader.read();
    if (value === undefined) return parts.join("") + decoder.decode();
    parts.push(decoder.decode(value, { stream: true }));
    length += value.length;
    values += valuesIn(value);
  }
  await reader.cancel();
  return undefined;
}

const [comma, bracket, brace] = [0x2c, 0x5b, 0x7b];

/** No fewer than the values that begin in a piece of JSON, but for the first of all: what stands in texts counts, too. */
function valuesIn(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === comma || byte === bracket || byte === brace) count += 1;
  return count;
}
