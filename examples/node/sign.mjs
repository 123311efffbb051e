// sign.mjs: node sign.mjs registry.example/team/app@sha256:…
import { readFileSync } from "node:fs";
import { OcisignError, SigningClient, waitAndVerify } from "ocisign";

const { OCISIGN_URL: baseUrl, OCISIGN_TOKEN_FILE, OCISIGN_PRODUCT, OCISIGN_PROFILE } = process.env;
// What differs at your service, such as the meaning of its status codes.
const profile = JSON.parse(readFileSync(OCISIGN_PROFILE, "utf8"));
// The client asks for the token again when it expires during a long wait.
const client = new SigningClient({ baseUrl, profile, token: () => readFileSync(OCISIGN_TOKEN_FILE, "utf8") });
const artifact = process.argv[2];

try {
  const named = (await client.products()).filter(({ id, name }) => [id, name].includes(OCISIGN_PRODUCT));
  if (named.length !== 1) throw new Error(`${named.length} products are called "${OCISIGN_PRODUCT}".`);
  const request = await client.requestSigning({ productId: named[0].id, artifact, description: "Release" });
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
