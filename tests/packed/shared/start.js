// Loads the package in a worker: with most bundlers there is nothing to say.
export { default } from "ocisign";
