// sign.mjs: node sign.mjs registry.example/team/app@sha256:…
import { OcisignError, SigningClient, waitAndVerify } from "ocisign";

const { OCISIGN_URL: baseUrl, OCISIGN_TOKEN, OCISIGN_PRODUCT: productId } = process.env;
const artifact = process.argv[2];
// A function is asked again when a token expires in the middle of a long wait.
const client = new SigningClient({ baseUrl, token: () => OCISIGN_TOKEN });

try {
  const request = await client.requestSigning({ productId, artifact, description: "Release" });
  console.log(`requested: ${request.id}`);
  const { signing, verification } = await waitAndVerify(client, request.id, {
    reference: artifact,
    onStatus: ({ status, state }) => console.log(`status ${status}: ${state}`),
  });
  // Status 16 is the service's word; the verification is the registry's.
  const { state, reason } = verification ?? signing;
  if (state !== "verified") throw new Error(`${state}: ${reason}`);
  console.log(`verified: ${reason}`);
} catch (error) {
  console.error(error instanceof OcisignError ? `${error.message} ${error.fix}` : error.message);
  process.exitCode = 1;
}
