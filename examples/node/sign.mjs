// sign.mjs: node sign.mjs registry.example/team/app@sha256:…
import { readFileSync } from "node:fs";
import { OcisignError, SigningClient, waitAndVerify } from "ocisign";

const { OCISIGN_URL: baseUrl, OCISIGN_TOKEN_FILE, OCISIGN_PRODUCT: productId } = process.env;
// The client calls this again when the token expires during a long wait.
const client = new SigningClient({ baseUrl, token: () => readFileSync(OCISIGN_TOKEN_FILE, "utf8") });
const artifact = process.argv[2];

try {
  const request = await client.requestSigning({ productId, artifact, description: "Release" });
  console.log(`requested: ${request.id}`);
  const onStatus = ({ status, state }) => console.log(`status ${status}: ${state}`);
  const options = { reference: artifact, timeoutMs: 60 * 60_000, onStatus };
  const { signing, verification } = await waitAndVerify(client, request.id, options);
  // Status 16 is the service's claim; the verification shows what the registry holds.
  const { state, reason } = verification ?? signing;
  if (state !== "verified") throw new Error(`${state}: ${reason}`);
  console.log(`verified: ${reason}`);
} catch (error) {
  console.error(error instanceof OcisignError ? `${error.message} ${error.fix}` : error.message);
  process.exitCode = 1;
}
