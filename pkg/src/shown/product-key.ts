// The rule which key is a product's, for the elements and the command line.
import { OcisignError, publicKey, readPublicKey, signingOperations } from "ocisign";
import { keyRule } from "../signature/key-rule.ts";

/** As in key-rule.ts. */
export const keyFor = keyRule({ OcisignError, publicKey, readPublicKey, signingOperations });
