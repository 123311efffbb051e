// Builds the library that is looked at, as a program in Node has it: for Stryker with all mutants, for c8 with source maps.
// Both run this in a copy of the checkout.
import { bundleForNode } from "../../tools/build/library.js";

await bundleForNode(process.argv.includes("--source-maps") ? { sourcemap: "inline" } : {});
