// Which tokens of an OpenID Connect issuer the sandbox accepts, and who a token stands for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { publicKey, SigningClient } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { audience, inSeconds, issuerKey, jwt } from "../support/fake-issuer.js";
import * as real from "../support/issuer.js";
import { prove } from "../support/proof.js";
import { productFor, profileOf, quick } from "../support/sandbox.js";
import { sandboxWith, tried, withFake } from "../support/sandbox-with-issuer.js";

test("three people of a real issuer request, approve and get a signature", async () => {
  const issuer = await real.startIssuer();
  const sandbox = await sandboxWith(issuer.url, { expected: real.audience });
  try {
    const profile = await profileOf(sandbox);
    const client = (token) => new SigningClient({ baseUrl: sandbox.base, profile, token });
    const as = async (account) => client((await real.signIn(issuer.url, account)).accessToken);
    const [ada, ben, cleo] = [await as("ada"), await as("ben"), await as("cleo")];
    const product = await ada.createProduct(productFor(sandbox));
    const registry = new Registry(sandbox.registry);
    const image = `${sandbox.registry.domain}/team/oidc@${await pushImage(registry, "team/oidc")}`;
    const { id } = await ada.requestSigning({ productId: product.id, artifact: image });
    await assert.rejects(ada.approve(id), { code: "forbidden" });
    // The sandbox's own people decide beside them.
    await assert.rejects(client(sandbox.person("outsider").token).approve(id), { code: "forbidden" });
    await ben.approve(id, { expect: await ben.signing(id) });
    await cleo.approve(id);
    const signed = await ada.waitForSignature(id, quick);
    assert.equal(signed.state, "signed", String(signed.reason));
    assert.deepEqual(signed.requester, { objectId: real.accounts.ada.oid, name: "Ada Requester" });
    assert.deepEqual(
      signed.approvals?.map(({ objectId, name }) => [objectId, name]),
      [
        [real.accounts.ben.oid, "Ben of A"],
        ["cleo", "Cleo of B"],
      ],
    );
    await prove(registry, image, publicKey(product, undefined, profile).pem);
  } finally {
    await sandbox.close();
    issuer.close();
  }
});

test("ID tokens are for the page, access tokens for the API, and neither passes for the other", async () => {
  const issuer = await real.startIssuer();
  const forIdTokens = { expected: real.clientId, args: ["--oidc-token", "id_token"] };
  const [api, page] = [
    await sandboxWith(issuer.url, { expected: real.audience }),
    await sandboxWith(issuer.url, forIdTokens),
  ];
  try {
    const { accessToken, idToken = assert.fail("no ID token") } = await real.signIn(issuer.url, "ada");
    assert.equal((await tried(api, accessToken)).status, 200);
    assert.equal((await tried(page, idToken)).status, 200);
    for (const refused of [await tried(api, idToken), await tried(page, accessToken)]) {
      assert.deepEqual([refused.status, refused.code], [401, "token-invalid"]);
      assert.match(refused.message, /another audience/);
    }
    // The token of either sandbox is of its own issuer, and none of the other's.
    assert.equal((await tried(api, api.person("requester").token)).status, 200);
    assert.equal((await tried(api, page.person("requester").token)).status, 401);
  } finally {
    await api.close();
    await page.close();
    issuer.close();
  }
});

for (const alg of ["RS256", "PS256", "ES256", "ES384"]) {
  test(`${alg} is accepted, and a changed token is not`, () =>
    withFake(async ({ issuer, key, sandbox }) => {
      const token = issuer.token(key);
      assert.equal((await tried(sandbox, token)).status, 200);
      // A bit in the middle: the last characters may carry none.
      const at = token.lastIndexOf(".") + 20;
      const changed = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
      assert.match((await tried(sandbox, changed)).message, /signature does not hold/);
    }, alg));
}

test("what is wrong with a token is said", () =>
  withFake(async ({ issuer, key, sandbox }) => {
    const rsa = issuerKey("RS256");
    const encryption = issuerKey("RS256", { use: "enc" });
    const pinned = issuerKey("RS256", { alg: "PS256" });
    issuer.publish(key, rsa, encryption, pinned);
    const stranger = { ...issuerKey("ES256"), kid: key.kid };
    const pem = rsa.publicKey.export({ type: "spki", format: "pem" });
    const confused = (secret) => jwt({ alg: "HS256", kid: rsa.kid }, issuer.claims(), secret);
    const wrong = [
      ["another audience", issuer.token(key, { aud: "urn:another" })],
      ["another audience", issuer.token(key, { aud: ["urn:another", "urn:third"] })],
      ["exp or aud is missing", issuer.token(key, { aud: undefined })],
      ["exp or aud is missing", issuer.token(key, { exp: undefined })],
      ["exp or aud is missing", issuer.token(key, { exp: "tomorrow" })],
      ["not good yet", issuer.token(key, { nbf: inSeconds(300) })],
      ["signature does not hold", issuer.token(stranger)],
      ["unknown algorithm", issuer.token(key, {}, { alg: "none" })],
      ["none of RS256", confused(pem)],
      ["none of RS256", confused(JSON.stringify(rsa.published))],
      ["none of RS256", issuer.token(rsa, {}, { alg: "RS512" })],
      ["not for its algorithm", issuer.token(rsa, {}, { kid: key.kid })],
      ["not for its algorithm", issuer.token(encryption)],
      ["not for its algorithm", issuer.token(pinned)],
      ["no key with its kid", issuer.token(issuerKey("ES256"))],
      ["does not name its key", issuer.token(key, {}, { kid: undefined })],
      ["must be understood", issuer.token(key, {}, { crit: ["b64"], b64: false })],
      ["it has no sub", issuer.token(key, { sub: undefined })],
      ["it has no sub", issuer.token(key, { sub: undefined, oid: "o" })],
      ["characters that cannot be seen", issuer.token(key, { sub: "a\u0000b" })],
      ["list of texts", issuer.token(key, { groups: "everybody" })],
    ];
    for (const [why, token] of wrong) {
      const refused = await tried(sandbox, token);
      assert.deepEqual([refused.status, refused.code], [401, "token-invalid"], why);
      assert.ok(refused.message.includes(why), `${why}: ${refused.message}`);
      assert.ok(refused.fix && refused.challenge, why);
    }
    const expired = await tried(sandbox, issuer.token(key, { exp: inSeconds(-120) }));
    assert.deepEqual([expired.status, expired.code], [401, "token-expired"]);
    // Clocks may differ by less than a minute, in both directions.
    for (const near of [
      { exp: inSeconds(-30) },
      { nbf: inSeconds(30) },
      { aud: ["urn:another", audience] },
    ]) {
      assert.equal((await tried(sandbox, issuer.token(key, near))).status, 200, JSON.stringify(near));
    }
    // Whoever is not the issuer to the letter is a stranger.
    const strangers = [
      `${issuer.url}/`,
      issuer.url.toUpperCase(),
      [issuer.url],
      "urn:ocisign-sandbox:sandbox",
    ];
    for (const iss of [...strangers, undefined]) {
      const refused = await tried(sandbox, issuer.token(key, { iss }));
      assert.deepEqual([refused.status, refused.code], [401, "token-invalid"], String(iss));
    }
    assert.equal((await tried(sandbox, sandbox.person("requester").token)).status, 200);
  }));

test("a person is who the claims say", () =>
  withFake(async ({ issuer, key, sandbox }) => {
    const profile = await profileOf(sandbox);
    const owner = new SigningClient({
      baseUrl: sandbox.base,
      profile,
      token: sandbox.person("requester").token,
    });
    const product = await owner.createProduct(productFor(sandbox));
    const groups = product.productOperations?.[0].approvalRule?.allowedGroups;
    const artifact = `${sandbox.registry.domain}/team/app@sha256:${"0".repeat(64)}`;
    const requester = async (claims) => {
      const token = issuer.token(key, claims);
      const client = new SigningClient({ baseUrl: sandbox.base, profile, token });
      return (await client.requestSigning({ productId: product.id, artifact })).requester;
    };
    assert.deepEqual(await requester({ oid: "o", sub: "s", name: "N", preferred_username: "n@x", groups }), {
      objectId: "o",
      name: "N",
    });
    assert.deepEqual(await requester({ sub: "auth0|é", preferred_username: "n@x", groups }), {
      objectId: "auth0|é",
      name: "n@x",
    });
    assert.deepEqual(await requester({ sub: "s", groups }), { objectId: "s", name: "s" });
    await assert.rejects(requester({ sub: "s" }), { code: "forbidden" }, "without groups");
  }));
