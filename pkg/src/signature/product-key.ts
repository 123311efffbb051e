// The rule which key is a product's, for the package itself.
import { publicKey, readPublicKey, signingOperations } from "../core.ts";
import { OcisignError } from "../error.ts";
import { keyRule } from "./key-rule.ts";

/** As in key-rule.ts. */
export const keyFor = keyRule({ OcisignError, publicKey, readPublicKey, signingOperations });
