// Lists: tables that fit a terminal, and whole rows in a pipe.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { againstFake, documentOf, shellIn } from "../support/cli.js";
import { fakeService, productOf, signingOf } from "../support/fake-service.js";

const digest = `sha256:${"ab".repeat(28)}3f9a2c1d`;
const registry = "656666598317.dkr.ecr.eu-west-1.amazonaws.com";
const hour = 3_600_000;
const ago = (/** @type {number} */ ms) => new Date(Date.now() - ms).toISOString();
const person = { objectId: "1f0d6a52-8c1e-4b7a-9e35-6d2b90c4a711", name: "Requester One" };
const productId = "40e5a93c-f7af-4bfd-b7b2-711b0a5035cf";

const list = [
  signingOf(`${registry}/team/app:1.2@${digest}`, {
    ...{ id: "a83081a6-1d3b-4117-a81b-0ebcfcf0669c", name: "Release 1.2", requester: person, productId },
    ...{ createdAt: ago(2 * hour + 1000), description: "for the customers" },
  }),
  signingOf(`${registry}/team/with/a/long/path/of/folders/app@${digest}`, {
    ...{
      id: "b83081a6-1d3b-4117-a81b-0ebcfcf0669c",
      name: "発表用のリリース候補、第二版の修正を含む長い名前 🚀🚀",
      productId,
    },
    ...{ requester: { ...person, name: "王小明" }, createdAt: ago(40 * 24 * hour), status: 16 },
  }),
  signingOf(`${registry}/team/app@${digest}`, {
    ...{ id: "c83081a6-1d3b-4117-a81b-0ebcfcf0669c", name: `evil\u202e\t\n${"x".repeat(5000)}`, productId },
    ...{ requester: "Some Body", status: 64, createdAt: "never" },
  }),
  signingOf("nginx", { id: "c83081a6-2222-4117-a81b-0ebcfcf0669c", name: "", payload: {} }),
];

let service;
/** @type {ReturnType<typeof shellIn>} */
let shell;
let broken = false;
before(async () => {
  service = await fakeService(({ path }) => {
    if (!path.includes("/products")) return { body: list };
    if (broken) return { status: 403, body: { message: "not yours" } };
    return { body: [{ ...productOf(registry), id: productId, name: "OCI SIGN" }] };
  });
  shell = shellIn("tables", { OCISIGN_URL: service.url, OCISIGN_TOKEN: "the-token" });
});
after(() => {
  service?.close();
  shell?.remove();
});

/** The lines of a terminal of this width, without colours. @param {number} columns @param {string} line */
async function onTerminal(columns, line) {
  const { code, stdout } = await shell.terminal(`stty cols ${columns}; ${line} 2>/dev/null`).ended;
  assert.equal(code, 0, stdout);
  return stripVTControlCharacters(stdout).trimEnd().split(/\r?\n/);
}

/** In columns of a terminal: East Asian letters and pictures take two. @param {string} text */
function widthOf(text) {
  return [...text].reduce(
    (sum, letter) =>
      sum + (/[\u1100-\u115f\u2e80-\ua4cf\uff00-\uff60\u{1f300}-\u{1faff}]/u.test(letter) ? 2 : 1),
    0,
  );
}

test("a table has one line for each request, at any width", async () => {
  for (const columns of [40, 60, 80, 100, 120, 200, 400]) {
    const lines = await onTerminal(columns, "ocisign signings");
    assert.equal(lines.length, list.length + 1, lines.join("\n"));
    for (const line of lines) {
      assert.ok(widthOf(line) <= columns, `${columns}: ${line}`);
      assert.equal(widthOf(line), stringWidth(line), "by either measure");
    }
  }
});

test("at 80 columns: id, state, image, name, requester, product and how long ago", async () => {
  const [heads, first, second, third, fourth] = await onTerminal(80, "ocisign signings");
  assert.match(heads, /^ID +STATE +IMAGE +NAME +REQUESTER +PRODUCT +REQUESTED$/);
  assert.match(first, /^a83081a6-1 +status 2 +team\/app:1\.2 +Release…? +\S.* +OCI S\S+ +2 h ago$/);
  assert.match(second, /^b83081a6-1 +signed +…\S+@…3f9a2c1d +\S+… +王小明 .* +1 mo ago$/);
  assert.match(third, /^c83081a6-1 +status 64 /, "two begin alike");
  assert.ok(third.includes("…"), third);
  assert.match(fourth, / \(none\) +- +- +- +-$/);
  const columns = [heads, first, second, third, fourth].map((line) => line.search(/status|signed|STATE/));
  assert.equal(new Set(columns.slice(0, 4)).size, 1, "columns stand below each other");
});

test("a wide terminal shows whole ids and references", async () => {
  const lines = await onTerminal(300, "ocisign signings -q customers");
  assert.equal(lines.length, 2);
  assert.ok(lines[1]?.startsWith("a83081a6-1d3b-4117-a81b-0ebcfcf0669c"));
  assert.ok(lines[1]?.includes(`${registry}/team/app@${digest}`), lines[1]);
});

test("in a pipe a row is whole: tabs between the values, RFC 3339, full references and ids", async () => {
  for (const [args, env] of /** @type {const} */ ([
    [["signings"], {}],
    [["signings"], { COLUMNS: "40" }],
    [["signings"], { FORCE_COLOR: "1" }],
  ])) {
    const { stdout, code } = await shell.ocisign([...args], { env });
    assert.equal(code, 0);
    const rows = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split("\t"));
    assert.equal(rows.length, list.length, "without heads");
    assert.deepEqual(rows[0], [
      "a83081a6-1d3b-4117-a81b-0ebcfcf0669c",
      "status 2",
      `${registry}/team/app@${digest}`,
      ...["Release 1.2", "Requester One", "OCI SIGN", list[0].createdAt, productId, person.objectId, "-"],
    ]);
    assert.equal(rows[1]?.[3], list[1].name);
    assert.equal(
      rows[2]?.[3],
      `evil\\u{202e}\\t\\n${"x".repeat(5000)}`,
      "nothing in it is a line or a value",
    );
    assert.deepEqual(
      rows.map((row) => row.length),
      [10, 10, 10, 10],
    );
    assert.ok(!stdout.includes("…") && !stdout.includes("\u001b"));
  }
});

test("who may not read products sees their ids, and gets the list all the same", async () => {
  broken = true;
  try {
    const { code, stdout } = await shell.ocisign(["signings"]);
    assert.equal(code, 0);
    assert.equal(stdout.split("\n")[0]?.split("\t")[5], productId);
  } finally {
    broken = false;
  }
});

test("names that cannot be read for another reason are told to be missing", async () => {
  const outcome = await againstFake(
    ({ path }) =>
      path.includes("/products") ? { status: 500, body: { message: "broken" } } : { body: list },
    ["signings"],
  );
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.equal(outcome.stdout.split("\n")[0]?.split("\t")[5], productId);
  assert.match(outcome.stderr, /The products' names could not be read: .*broken/);
});

test("products: a table that fits, and whole rows in a pipe", async () => {
  for (const columns of [40, 60, 80, 120, 200]) {
    const lines = await onTerminal(columns, "ocisign products");
    assert.equal(lines.length, 2);
    for (const line of lines) assert.ok(widthOf(line) <= columns, `${columns}: ${line}`);
  }
  const { stdout } = await shell.ocisign(["products"]);
  assert.equal(stdout, `${productId}\tOCI SIGN\t${registry}\t?\tyes\n`);
});

test("-q finds requests by all words, whatever they stand in", async () => {
  const found = async (/** @type {string[]} */ ...args) =>
    documentOf(await shell.ocisign(["signings", "--json", ...args])).map(({ id }) => id.slice(0, 13));
  for (const [text, ids] of /** @type {[string, string[]][]} */ ([
    ["release", ["a83081a6-1d3b"]],
    ["RELEASE app", ["a83081a6-1d3b"]],
    ["team/app:1.2", []],
    ["3f9a2c1d", ["a83081a6-1d3b", "b83081a6-1d3b", "c83081a6-1d3b"]],
    ["王小明", ["b83081a6-1d3b"]],
    ["候補 signed", ["b83081a6-1d3b"]],
    ["status 64", ["c83081a6-1d3b"]],
    ["oci sign", ["a83081a6-1d3b", "b83081a6-1d3b", "c83081a6-1d3b"]],
    [person.objectId, ["a83081a6-1d3b", "b83081a6-1d3b"]],
    ["c83081a6", ["c83081a6-1d3b", "c83081a6-2222"]],
    ["release nothing", []],
    ["  ", list.map(({ id }) => id.slice(0, 13))],
  ])) {
    assert.deepEqual(await found("-q", text), ids, text);
  }
  assert.equal((await found("-q", "3f9a2c1d", "--limit", "2")).length, 2, "the limit counts what is found");
  const none = await shell.ocisign(["signings", "-q", "nothing at all"]);
  assert.deepEqual([none.code, none.stdout], [0, ""]);
  assert.match(none.stderr, /There are no such requests/);
});

const encoded = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const tokenOf = (/** @type {object} */ claims) => `${encoded({ alg: "none" })}.${encoded(claims)}.x`;

test("--mine lists one's own requests by the id of the token, and says where that is unknown", async () => {
  const mine = await shell.ocisign(["signings", "--mine"], {
    env: { OCISIGN_TOKEN: tokenOf({ oid: person.objectId.toUpperCase(), sub: "other" }) },
  });
  assert.equal(mine.code, 0, mine.stderr);
  assert.deepEqual(
    mine.stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.slice(0, 8)),
    ["a83081a6", "b83081a6"],
  );
  assert.match(mine.stderr, /2 more may be yours/);
  const others = await shell.ocisign(["signings", "--mine"], {
    env: { OCISIGN_TOKEN: tokenOf({ sub: "ann" }) },
  });
  assert.equal(others.stdout, "");
  for (const token of ["not-a-jwt", tokenOf({ name: "Requester One" })]) {
    const unknown = await shell.ocisign(["signings", "--mine", "--json"], { env: { OCISIGN_TOKEN: token } });
    assert.deepEqual([unknown.code, documentOf(unknown).error.code], [1, "no-jwt"]);
  }
});

test("more rows, and more fields of a request, than a function takes arguments", async () => {
  const many = 150_000;
  const metadata = Array.from({ length: many }, () => ({ name: "n", value: "v" }));
  const [first] = list;
  const { payload, ...others } = signingOf(`${registry}/team/app@${digest}`, {
    ...first,
    productId: undefined,
  });
  const requests = Array.from({ length: many }, (_, at) => ({ id: `r${at}`, status: 2 }));
  const large = await fakeService(({ path }) => {
    if (path.includes("/products")) return { body: [] };
    return {
      body: /signings?\/?(\?|$)/.test(path) ? requests : { ...others, payload: { ...payload, metadata } },
    };
  });
  try {
    const told = await shell.ocisign(["status", String(others.id), "-a", large.url]);
    assert.equal(told.code, 3, told.stderr);
    assert.equal(told.stdout.match(/\bv$/gm)?.length, many, told.stdout.slice(0, 600));
    const lines = await onTerminal(120, `ocisign signings -a ${large.url}`);
    assert.equal(lines.length, many + 1);
  } finally {
    large.close();
  }
});
