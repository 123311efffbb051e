// An issuer that answers as a test tells it, one answer after the other, where the real one of issuer.js would not.
import { createServer } from "node:http";
import { issuerKey, jwt } from "./fake-issuer.js";
import { listening } from "./listening.js";

/**
 * @typedef {{ status?: number, body: object, after?: Promise<void> }} Answer
 *
 * @param {{ tokens: (Answer | "nothing")[], device?: object, metadata?: object }} script the answers of the token
 *   endpoint, of which the last one is repeated; `"nothing"` breaks the connection
 */
export async function scriptedIssuer({ tokens, device, metadata }) {
  const server = createServer();
  const { port, close } = await listening(server);
  const url = `http://127.0.0.1:${port}`;
  const key = issuerKey("RS256");
  const left = [...tokens];
  /** @type {URLSearchParams[]} */
  const asked = [];
  const code = {
    device_code: "the-device-code-of-the-script",
    user_code: "WDJB-MJHT",
    expires_in: 1800,
    interval: 5,
  };
  const known = {
    ...{ issuer: url, token_endpoint: `${url}/token`, authorization_endpoint: `${url}/auth` },
    device_authorization_endpoint: `${url}/device-code`,
    ...metadata,
  };
  server.on("request", async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const say = (status, body) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.url?.startsWith("/.well-known/")) return say(200, known);
    if (request.url === "/device-code")
      return say(200, { ...code, verification_uri: `${url}/device`, ...device });
    asked.push(new URLSearchParams(text));
    const answer = left.length > 1 ? left.shift() : left[0];
    if (answer === undefined || answer === "nothing") return request.socket.destroy();
    await answer.after;
    say(answer.status ?? 200, answer.body);
  });
  const seconds = Math.floor(Date.now() / 1000);
  const idToken = (claims = {}) =>
    jwt(
      { alg: "RS256", kid: key.kid },
      { iss: url, aud: "ocisign", sub: "somebody", iat: seconds, exp: seconds + 600, ...claims },
      key.privateKey,
    );
  return { url, asked, close, idToken, answers: left };
}
