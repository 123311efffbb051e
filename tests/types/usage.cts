// The same types for `require`. Compiled by types.test.js, never run.
import ocisign = require("ocisign");
import accepts = require("ocisign/accepts");
import trust = require("ocisign/trust");

async function registryOf(text: string): Promise<string | ocisign.ErrorCode> {
  await ocisign.default();
  try {
    return ocisign.parseReference(text).registry;
  } catch (error) {
    return error instanceof ocisign.OcisignError ? error.code : "unexpected";
  }
}

const client: ocisign.SigningClient = new ocisign.SigningClient({ baseUrl: "", token: "" });
accepts.whoAccepts satisfies (verification: ocisign.Verification, options: never) => accepts.Acceptance[];
trust.readTrust("{}").rules satisfies readonly trust.TrustRule[];
client.approve("id") satisfies Promise<ocisign.Signing>;

export = registryOf;
