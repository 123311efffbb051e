// The same types for `require`. Compiled by types.test.js, never run.
import ocisign = require("ocisign");

async function registryOf(text: string): Promise<string | ocisign.ErrorCode> {
  await ocisign.default();
  try {
    return ocisign.parseReference(text).registry;
  } catch (error) {
    return error instanceof ocisign.OcisignError ? error.code : "unexpected";
  }
}

const client: ocisign.SigningClient = new ocisign.SigningClient({ baseUrl: "", token: "" });
client.approve("id") satisfies Promise<ocisign.Signing>;

export = registryOf;
