// The file that a page loads when it first compares two images.
export { compareImages } from "../compare/compare-images.ts";
