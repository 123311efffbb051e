// What a decision binds: an approval and a rejection alike hold only for the request as it was shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { changedAt, bound as everyField, fullRequest } from "../support/every-field.js";
import { fake as scripted } from "../support/scripted-fetch.js";

const good = "Z29vZA==";
const bad = "YmFk";

/** A request as the service shows it. @param {object} [changes] @returns {any} */
const request = (changes) => ({
  id: "r1",
  status: 2,
  name: "n",
  description: "d",
  productId: "p",
  idProductOperation: "o",
  payload: { name: "OCI sign request", metadata: [], optionalParameters: [{ artifactURI: good }] },
  ...changes,
});
const decided = { id: "r1", status: 16 };
const bound = ["name", "idProductOperation", "description", "payload", "productId"];
const other = { ...request().payload, optionalParameters: [{ artifactURI: bad }] };

/** @type {Record<string, (client: any, options: object) => Promise<any>>} */
const decisions = {
  approve: (client, options) => client.approve("r1", options),
  reject: (client, options) => client.reject("r1", { comment: "why not", ...options }),
  withdraw: (client, options) => client.withdraw("r1", options),
};
/** A service with all three. @param {any[]} replies */
const fake = (replies) =>
  scripted(replies, { profile: { routes: { withdraw: "imagesignings/{id}/withdraw" } } });
const json = (/** @type {unknown} */ value) => new Response(JSON.stringify(value));
const methods = (/** @type {{ init: { method: string } }[]} */ calls) => calls.map(({ init }) => init.method);

for (const [name, decide] of Object.entries(decisions)) {
  test(`${name}: what the caller changes after the call changes nothing`, async () => {
    const shown = request();
    const { client, calls } = fake([json(request()), json(decided)]);
    const deciding = decide(client, { expect: shown });
    shown.payload.optionalParameters[0].artifactURI = bad;
    shown.name = "another";
    await deciding;
    const { expect } = JSON.parse(calls[1].init.body);
    assert.deepEqual([expect.name, expect.payload], ["n", request().payload]);
  });

  test(`${name}: one look, one decision, and what was shown goes along`, async () => {
    const { client, calls } = fake([json(request()), json(decided)]);
    const signing = await decide(client, { expect: request() });
    assert.equal(signing.state, "signed");
    assert.deepEqual(methods(calls), ["GET", "POST"]);
    assert.deepEqual(
      calls.map(({ url }) => url.replace(/^.*\/imagesignings\//, "")),
      ["r1", `r1/${name}`],
    );
    const { expect, ...rest } = JSON.parse(calls[1].init.body);
    assert.deepEqual(Object.keys(expect).sort(), bound.toSorted());
    assert.deepEqual(expect, Object.fromEntries(bound.map((part) => [part, request()[part]])));
    assert.deepEqual(rest, name === "reject" ? { comment: "why not" } : {});
  });

  test(`${name}: without expect there is no look`, async () => {
    const { client, calls } = fake([json(decided)]);
    await decide(client, {});
    assert.deepEqual(methods(calls), ["POST"]);
    assert.ok(!("expect" in JSON.parse(calls[0].init.body ?? "{}")));
    const undefinedIsNone = fake([json(decided)]);
    await decide(undefinedIsNone.client, { expect: undefined });
    assert.deepEqual(methods(undefinedIsNone.calls), ["POST"]);
  });

  for (const [part, value] of Object.entries({
    name: "another",
    description: "another",
    productId: "q",
    idProductOperation: "x",
    payload: other,
  })) {
    test(`${name}: a changed ${part} sends nothing`, async () => {
      const { client, calls } = fake([json(request({ [part]: value })), json(decided)]);
      await assert.rejects(decide(client, { expect: request() }), (/** @type {any} */ error) => {
        assert.deepEqual([error.name, error.code, error.taken], ["OcisignError", "changed", "no"]);
        assert.ok(error.message.includes(part) && error.fix);
        return true;
      });
      assert.deepEqual(methods(calls), ["GET"]);
    });

    test(`${name}: a ${part} that came or went sends nothing`, async () => {
      const without = request();
      delete without[part];
      for (const [now, shown] of [
        [without, request()],
        [request(), without],
      ]) {
        if (part === "payload" && shown === without) continue;
        const { client, calls } = fake([json(now), json(decided)]);
        await assert.rejects(decide(client, { expect: shown }), { code: "changed" });
        assert.deepEqual(methods(calls), ["GET"]);
      }
    });
  }

  test(`${name}: what moves by itself may change meanwhile`, async () => {
    const now = request({
      ...{ status: 4, approvals: [{ name: "Ben" }], missingGroups: ["g"], history: [{}], reason: "x" },
      updatedAt: "2026-11-29T01:00:00Z",
    });
    const { client, calls } = fake([json(now), json(decided)]);
    await decide(client, { expect: { ...request(), state: "waiting", code: 2, final: false } });
    assert.deepEqual(methods(calls), ["GET", "POST"]);
  });

  test(`${name}: every other field is bound, wherever it stands`, async () => {
    const shown = fullRequest({ id: "r1" });
    for (const { name, place } of everyField) {
      const { client, calls } = fake([json(changedAt(shown, place)), json(decided)]);
      await assert.rejects(decide(client, { expect: shown }), { code: "changed" }, name);
      assert.deepEqual(methods(calls), ["GET"], name);
    }
    const grown = fake([json(request({ extra: { anything: 1 } })), json(decided)]);
    await assert.rejects(decide(grown.client, { expect: request() }), {
      code: "changed",
      message: "The request changed since it was shown: extra (was not shown).",
    });
  });

  test(`${name}: a caller who showed less than a reading decides about that`, async () => {
    const { status, ...shown } = request();
    const { client, calls } = fake([json(request({ status, extra: 1 })), json(decided)]);
    await decide(client, { expect: shown });
    assert.deepEqual(methods(calls), ["GET", "POST"]);
  });

  test(`${name}: the order of a payload's keys does not count, the order of its lists does`, async () => {
    const metadata = [
      { name: "a", value: "1" },
      { name: "b", value: "2" },
    ];
    const shown = request({ payload: { ...request().payload, metadata } });
    const turned = request({
      payload: Object.fromEntries(Object.entries(shown.payload).toReversed()),
    });
    const same = fake([json(turned), json(decided)]);
    await decide(same.client, { expect: shown });
    assert.deepEqual(methods(same.calls), ["GET", "POST"]);
    const reordered = request({ payload: { ...shown.payload, metadata: metadata.toReversed() } });
    const changed = fake([json(reordered), json(decided)]);
    await assert.rejects(decide(changed.client, { expect: shown }), { code: "changed" });
    assert.deepEqual(methods(changed.calls), ["GET"]);
  });

  test(`${name}: what is not the request that was shown is refused before anything is read`, async () => {
    const noPayload = request();
    delete noPayload.payload;
    const odd = [null, 7, "image", [], [{}]].map((payload) => request({ payload }));
    const others = [request({ id: "r2" }), request({ id: 7 })];
    for (const expect of [null, 7, "r1", [], {}, ...others, noPayload, ...odd]) {
      const { client, calls } = fake([]);
      await assert.rejects(decide(client, { expect }), { code: "bad-input" });
      assert.equal(calls.length, 0, JSON.stringify(expect));
    }
  });

  test(`${name}: a look that fails ends it, and a look at another request is a bad reply`, async () => {
    for (const [reply, code] of /** @type {const} */ ([
      [new Response("", { status: 403 }), "forbidden"],
      [new Response("", { status: 404 }), "not-found"],
      [json(request({ id: "r2" })), "bad-reply"],
      [new Response("<html>"), "not-json"],
    ])) {
      const { client, calls } = fake([reply]);
      await assert.rejects(decide(client, { expect: request() }), { code, taken: "no" });
      assert.deepEqual(methods(calls), ["GET"]);
    }
  });

  test(`${name}: the service's own refusal of a changed request is a conflict, not taken`, async () => {
    const { client, calls } = fake([json(request()), new Response("", { status: 409 })]);
    await assert.rejects(decide(client, { expect: request() }), { code: "conflict", taken: "no" });
    assert.deepEqual(methods(calls), ["GET", "POST"]);
  });
}

test("without a route nothing is read or withdrawn, and the fix names who can help", async () => {
  for (const profile of [undefined, {}, { routes: { reject: "r/{id}" } }]) {
    for (const options of [undefined, { comment: "wrong image" }, { expect: request() }]) {
      const { client, calls } = scripted([], { profile });
      assert.ok(!("withdraw" in client.profile.routes));
      await assert.rejects(client.withdraw("r1", options), {
        code: "bad-input",
        taken: "no",
        fix: "Ask an approver to reject it.",
      });
      assert.equal(calls.length, 0);
    }
  }
});

test("a withdrawal is sent once, also when it is in doubt, and takes a comment", async () => {
  const broken = () => {
    throw new TypeError("reset");
  };
  for (const [reply, code] of /** @type {const} */ ([
    [broken, "network"],
    [new Response("", { status: 503 }), "server-error"],
  ])) {
    const { client, calls } = fake([reply, json(decided)]);
    await assert.rejects(client.withdraw("r1", { comment: "wrong image" }), { code, taken: "maybe" });
    assert.equal(calls.length, 1);
    assert.equal(calls[0].init.body, JSON.stringify({ comment: "wrong image" }));
  }
  for (const comment of [7, null, {}]) {
    const { client, calls } = fake([]);
    const odd = /** @type {any} */ ({ comment });
    await assert.rejects(client.withdraw("r1", odd), { code: "bad-input" });
    assert.equal(calls.length, 0);
  }
});

test("a rejection needs a comment, with expect as without, and nothing is read before it has one", async () => {
  for (const comment of [undefined, "", " \n", 7, null]) {
    for (const expect of [undefined, request()]) {
      const { client, calls } = fake([]);
      await assert.rejects(/** @type {any} */ (client).reject("r1", { comment, expect }), {
        code: "bad-input",
      });
      assert.equal(calls.length, 0);
    }
  }
});
