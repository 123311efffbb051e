// A layer that unpacks to terabytes: gzip's own blocks of a megabyte of zeros, one after the other, made as they are sent.
import { constants, createGzip, deflateRawSync, gzipSync } from "node:zlib";
import { headerOf } from "./layers.js";

const megabyte = Buffer.alloc(1024 * 1024);
/** Each stands for itself, and may be repeated. */
const block = deflateRawSync(megabyte, { finishFlush: constants.Z_FULL_FLUSH });
/** Ten bytes of gzip's header. */
const start = gzipSync(Buffer.alloc(0)).subarray(0, 10);
const head = deflateRawSync(headerOf({ name: "zeros", size: 0o77777777777 }), {
  finishFlush: constants.Z_FULL_FLUSH,
});

/**
 * Sends it to whoever reads it, up to a number of bytes, as quickly as they read. @param {number} length
 *
 * @returns what to answer with, and how many bytes were sent so far
 */
export function endlessLayer(length) {
  const sent = { bytes: 0 };
  /** @param {unknown} _ @param {import("node:http").ServerResponse} reply */
  const handler = (_, reply) => {
    reply.writeHead(200, { "content-type": "application/octet-stream", "content-length": length });
    const send = (/** @type {Buffer} */ bytes) => {
      sent.bytes += bytes.length;
      return reply.write(bytes);
    };
    send(start);
    send(head);
    const many = Buffer.concat(Array.from({ length: 16 }, () => block));
    const goOn = () => {
      while (!reply.destroyed && sent.bytes + many.length < length) if (!send(many)) return;
      reply.destroy();
    };
    reply.on("drain", goOn);
    goOn();
  };
  return { handler, sent };
}

/** Megabytes of zeros, packed. @param {number} megabytes @returns {Promise<Buffer>} */
export async function packedZeros(megabytes) {
  const gzip = createGzip({ level: 1 });
  /** @type {Buffer[]} */
  const parts = [];
  gzip.on("data", (part) => parts.push(part));
  gzip.write(headerOf({ name: "zeros", size: megabytes * megabyte.length }));
  for (let at = 0; at < megabytes; at++) await new Promise((resolve) => gzip.write(megabyte, resolve));
  await new Promise((resolve) => {
    gzip.on("end", resolve);
    gzip.end(Buffer.alloc(1024));
  });
  return Buffer.concat(parts);
}
