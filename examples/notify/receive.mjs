// What the receiver of webhook.mjs asks of each call, before it believes anything.
import { createHmac, timingSafeEqual } from "node:crypto";

/** Is it from the owner of the secret, and not older than five minutes? `body` is the text exactly as it came. */
export function isGenuine({ time, signature, body }, secret, now = Date.now()) {
  if (!/^\d{1,12}$/.test(time ?? "") || Math.abs(now / 1000 - Number(time)) > 300) return false;
  const expected = `sha256=${createHmac("sha256", secret).update(`${time}.${body}`).digest("hex")}`;
  const [given, wanted] = [Buffer.from(signature ?? ""), Buffer.from(expected)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
