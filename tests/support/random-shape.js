// A shape by chance: any method, path, body, envelope, place of a field, way of paging, and way of the service.

/** @typedef {(limit: number) => number} Random */

const requestFields = [
  ...[
    "id",
    "status",
    "createdAt",
    "updatedAt",
    "requester",
    "requiredGroups",
    "requiredApprovals",
    "approvals",
  ],
  ...[
    "missingGroups",
    "history",
    "reason",
    "name",
    "idProductOperation",
    "description",
    "payload",
    "productId",
  ],
];
const productFields = [
  ...["id", "name", "description", "productType", "enabled", "state", "caInfo", "rndKeys"],
  ...["productOperations", "productConfigItems"],
];

/** @template T @param {Random} random @param {readonly T[]} from @returns {T} */
const one = (random, from) => from[random(from.length)];

/** @param {Random} random @returns {import("./shapes.js").Shape} */
export function randomShape(random) {
  const slash = one(random, ["required", "refused", "either"]);
  return {
    routes: routes(random),
    statuses: statuses(random),
    replies: {
      signing: { ...envelope(random), fields: fields(random, requestFields) },
      product: { ...envelope(random), fields: fields(random, productFields) },
    },
    lists: { signings: list(random), products: list(random) },
    publicKeyPath: one(random, [
      "productOperations[].token.publicKey",
      "productOperations[].k.v[]",
      "z[].key",
      "z.z[]",
      "z.z",
    ]),
    keyTypes: one(random, [{}, { secp256r1: "EC-P256", RSA2048: "rsa:2048" }]),
    service: {
      largestPage: 1 + random(6),
      requesterIsId: random(2) === 0,
      echo: random(2) === 0,
      lifeCycle: random(2) === 0,
      trailingSlash: slash,
      absoluteLinks: random(2) === 0,
    },
  };
}

/** @param {Random} random */
function routes(random) {
  const [requests, products] = [
    one(random, ["r", "v1/requests", "a.b/~c"]),
    one(random, ["p", "v1/items:all"]),
  ];
  const acting = () => one(random, ["POST", "PUT", "PATCH"]);
  const shared = random(2) === 0;
  const method = acting();
  const decision = (/** @type {string} */ word) => ({
    method,
    path: `${requests}/${shared ? "x-{id}/decision" : `{id}/${word}`}`,
    body: {
      d: { verdict: word },
      ...one(random, [{ c: "{comment}" }, { n: { t: "{comment}" }, seen: "{expect}" }]),
    },
  });
  return {
    products,
    product: { path: `${products}/{id}.json` },
    createProduct: { method: acting(), path: products },
    requestSigning: { method: acting(), path: requests },
    signings: one(random, [requests, { method: "GET", path: requests }]),
    signing: `${requests}/x-{id}`,
    approve: decision("yes"),
    reject: decision("no"),
  };
}

/** @param {Random} random */
function statuses(random) {
  const states = ["new", "waiting", "approved", "signing", "signed", "rejected", "failed"];
  const first = random(1000) - 500;
  return Object.fromEntries(
    states.map((state, index) => [String(first + index * (1 + random(3)) * 10 + index), state]),
  );
}

/** @param {Random} random */
const envelope = (random) =>
  one(random, [{}, { envelope: "data" }, { envelope: "e.e.e" }, { envelope: "id.status" }]);

/** Some of them, each at a place of its own. @param {Random} random @param {readonly string[]} names */
function fields(random, names) {
  const moved = names.filter(() => random(2) === 0);
  const place = (/** @type {string} */ name) =>
    one(random, [`f_${name}`, `in.${name}`, `x.y-${name}.$v`, `@${name}.z`]);
  return Object.fromEntries(moved.map((name) => [name, place(name)]));
}

/** @param {Random} random */
function list(random) {
  const items = one(random, [{ items: "items" }, { items: "d.rows" }]);
  const limit = one(random, [{}, { limit: "n" }]);
  return one(random, [
    {},
    { ...items },
    { ...one(random, [{}, items]), paging: { offset: "from", ...limit } },
    { ...one(random, [{}, items]), paging: { page: "page", first: random(2), ...limit } },
    { ...items, paging: { next: "links.next", ...limit } },
    { ...one(random, [{}, items]), paging: { header: "Link", ...limit } },
  ]);
}
