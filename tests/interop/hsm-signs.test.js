// What the sandbox signed with keys in a token, read by the tools of others.
import { after, before, describe } from "node:test";
import { openRegistry, withReferrers } from "../support/interop.js";
import { othersVerify } from "../support/others-verify.js";
import { softHsm } from "../support/softhsm.js";

describe("keys in SoftHSM", () => {
  let hsm;
  let at;
  before(async () => {
    hsm = softHsm();
    at = await openRegistry(withReferrers, hsm.args);
  });
  after(async () => {
    await at?.close();
    hsm?.close();
  });

  othersVerify({ signer: "sandbox, keys in SoftHSM", registry: withReferrers }, () => at);
});
