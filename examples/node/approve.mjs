// approve.mjs: node approve.mjs REQUEST-ID "why I approve"
import { createInterface } from "node:readline/promises";
import { artifactOf, OcisignError, SigningClient } from "ocisign";

const { OCISIGN_URL: baseUrl, OCISIGN_TOKEN } = process.env;
const [id, comment] = process.argv.slice(2);
const client = new SigningClient({ baseUrl, token: () => OCISIGN_TOKEN });

try {
  const shown = await client.signing(id);
  const artifact = artifactOf(shown);
  if (artifact.state !== "image") throw new Error(`The request names no valid image: ${artifact.state}.`);
  // Show what the service holds: that is what you approve.
  console.log(`image:  ${artifact.text}`);
  console.log(`why:    ${shown.description}`);
  for (const { name, value } of shown.payload.metadata) console.log(`        ${name}: ${value}`);

  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question("Approve? [y/N] ");
  terminal.close();
  if (answer !== "y") throw new Error("Not approved.");

  // With `expect`, the client does not approve if the request has changed since.
  await client.approve(id, { comment, expect: shown });
  console.log("Approved.");
} catch (error) {
  console.error(error instanceof OcisignError ? `${error.message} ${error.fix}` : error.message);
  process.exitCode = 1;
}
