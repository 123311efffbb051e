// Loaded into a program (`--import`): at its end it writes down how much memory was resident at most, in bytes.
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  const { maxRSS } = process.resourceUsage();
  writeFileSync(String(process.env.OCISIGN_PEAK_FILE), String(maxRSS * 1024));
});
