// How many signatures the processors can make at all: what `openssl speed` says.
import { spawnSync } from "node:child_process";

/**
 * Signatures a second of as many processes as there are processors.
 *
 * @param {string} algorithm @param {number} processes
 * @param {"clock" | "processor"} by the clock, as the sandbox is measured; or by the processor time that openssl got
 */
export function opensslSpeed(algorithm, processes, by) {
  const elapsed = by === "clock" ? ["-elapsed"] : [];
  const args = ["speed", ...elapsed, "-mr", "-seconds", "2", "-multi", String(processes), algorithm];
  const { stdout, stderr } = spawnSync("openssl", args, { encoding: "utf8" });
  // `+F2:4:4096:304.8:19397.8`, or `+F4:…` for EC: kind, key, bits, signatures a second, checks a second.
  const line = stdout
    .split("\n")
    .reverse()
    .find((text) => /^\+F[24]:/.test(text));
  const speed = Number(line?.split(":")[3]);
  if (!speed) throw new Error(`openssl speed ${algorithm} says: ${stdout}${stderr}`);
  return speed;
}
