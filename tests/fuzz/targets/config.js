// The config of an image: what it says of it.
import { Fault, readConfig } from "../../support/readers.js";
import { refusedBy } from "../refused.js";

/** @param {Buffer} input */
export function judge(input) {
  refusedBy(Fault, () => readConfig(input));
}
