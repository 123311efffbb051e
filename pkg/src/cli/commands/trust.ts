// `ocisign trust`: what a trust file says.
import type { GroupFile } from "../command.ts";
import { check } from "./trust/check.ts";
import { exportPolicies } from "./trust/export.ts";

export const trust: GroupFile = {
  name: "trust",
  summary: "Look at a trust file, which says whose signatures count.",
  isRare: true,
  commands: [check, exportPolicies],
  examples: [
    ["What it says, and which keys count today.", "ocisign trust check trust.json"],
    ["The same for a cluster.", "ocisign trust export trust.json --to kyverno"],
  ],
};
