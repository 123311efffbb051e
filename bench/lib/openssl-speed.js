// How many signatures the processors can make at all: what `openssl speed` says.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Signatures a second of as many processes as there are processors.
 *
 * @param {string} algorithm @param {number} processes
 * @param {"clock" | "processor"} by the clock, as the sandbox is measured; or by the processor time that openssl got
 */
export async function opensslSpeed(algorithm, processes, by) {
  const elapsed = by === "clock" ? ["-elapsed"] : [];
  const args = ["speed", ...elapsed, "-mr", "-seconds", "2", "-multi", String(processes), algorithm];
  // Not at once and for all: meanwhile connections that are idle have to be closed.
  const { stdout, stderr } = await run("openssl", args);
  // `+F2:4:4096:304.8:19397.8`, or `+F4:…` for EC: kind, key, bits, signatures a second, checks a second.
  const line = stdout
    .split("\n")
    .reverse()
    .find((text) => /^\+F[24]:/.test(text));
  const speed = Number(line?.split(":")[3]);
  if (!speed) throw new Error(`openssl speed ${algorithm} says: ${stdout}${stderr}`);
  return speed;
}
