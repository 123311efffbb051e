// How much is too much? Texts and lists of a test are just beyond the limits of the code by default, so that nobody
// waits for them. With OCISIGN_LARGE=1 (`npm run test:large`) they are as large as somebody would make them who means
// harm: megabytes and tens of thousands, which show that the page stays usable.

const isLarge = process.env.OCISIGN_LARGE === "1";

/** @param {number} small beyond what the code does at once @param {number} large */
export const sized = (small, large) => (isLarge ? large : small);

/** A number as the elements show it. @param {number} number */
export const shownNumber = (number) => number.toLocaleString("en");
