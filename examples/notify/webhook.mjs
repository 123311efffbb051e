// A webhook of your own: ocisign watch --exec -- node webhook.mjs
// WEBHOOK_URL says where to, WEBHOOK_SECRET signs the body, so that the receiver knows the sender.
import { createHmac } from "node:crypto";
import { addressFrom, fail, post, readEvent } from "./common.mjs";

const url = addressFrom("WEBHOOK_URL");
const secret = process.env.WEBHOOK_SECRET;
if (!secret || secret.length < 16) fail("WEBHOOK_SECRET is not set, or shorter than 16 characters.");

// The event as it is: whoever shows it to people escapes it.
const body = JSON.stringify(await readEvent());
// With the time, so that a receiver can refuse what is old.
const time = String(Math.floor(Date.now() / 1000));
const signature = createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");

await post(url, body, { "x-ocisign-time": time, "x-ocisign-signature": `sha256=${signature}` });
