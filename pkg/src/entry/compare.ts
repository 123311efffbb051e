// What a page loads when it first compares images, or copies one: a page that only asks for signatures, or proves them,
// never needs it.
export { compareImages } from "../compare/compare-images.ts";
export { lastSigned } from "../compare/last-signed.ts";
export { copyImage } from "../copy/copy-image.ts";
