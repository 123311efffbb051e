// Builds the library that is looked at, as a program in Node has it: for Stryker with all mutants, for c8 with source maps.
// Both run this in a copy of the checkout.
import { bundleForNode } from "../../tools/build/library.js";

// c8 calls all of a file covered that is written on one line.
const readable = /** @type {const} */ ({ sourcemap: "inline", minify: false });
await bundleForNode(process.argv.includes("--source-maps") ? readable : {});
