// Docker's configuration files, as docker, podman and people write them, and a repository that is read by what they hold.
// Each entry and each helper has a user and secrets of its own, so that what is found says where it was found.
import { mutated } from "../support/random.js";

/** @typedef {import("./made-references.js").Random} Random */

/** Helpers of docker, as scripts for sh: what each prints for a server, which it reads from standard input. */
export const helpers = {
  jane: said("jane-of-helper", "secret-of-jane"),
  token: said("<token>", "token-of-helper"),
  picky: `read -r server\ncase "$server" in *example) ${said("picky-of-helper", "secret-of-picky")} ;; *) echo credentials not found in native keychain; exit 1 ;; esac`,
  empty: "echo credentials not found in native keychain; exit 1",
  broken: "echo it is locked; exit 1",
  noise: "echo no JSON",
};

/** @param {string} user @param {string} secret */
function said(user, secret) {
  return `echo '${JSON.stringify({ ServerURL: "", Username: user, Secret: secret })}'`;
}

const repositories = [
  "registry.example/team/app",
  "registry.example/team/app",
  "registry.example:5000/team/app",
  "docker.io/library/nginx",
  "docker.io/team/app",
  "localhost:5000/team/app",
  "127.0.0.1:5000/app",
];

/** @param {Random} random */
export function madeSignIn(random) {
  const repository = one(repositories, random);
  /** @type {[string, unknown][]} */
  const entries = Array.from({ length: random(5) }, (_, index) => [
    key(repository, random),
    entry(`user${index}`, random),
  ]);
  const store = random(4) ? undefined : helper(random);
  /** @type {[string, unknown][]} */
  const byRegistry = Array.from({ length: random(4) ? 0 : 1 + random(2) }, () => [
    key(repository, random),
    random(6) ? helper(random) : "",
  ]);
  const fields = [
    random(12) ? `"auths":${object(entries)}` : undefined,
    byRegistry.length > 0 ? `"credHelpers":${object(byRegistry)}` : undefined,
    store === undefined ? undefined : `"credsStore":${JSON.stringify(store)}`,
    random(15)
      ? undefined
      : one(
          [
            '"HttpHeaders":{"User-Agent":"x"}',
            '"auths":{}',
            '"AUTHS":{}',
            '"auths":null',
            '"credsStore":null',
            '"credHelpers":[]',
            '"x":1',
          ],
          random,
        ),
  ].filter((it) => it !== undefined);
  const text = Buffer.from(`{${fields.join(",")}}`);
  return { repository, file: random(12) ? text : Buffer.from(mutated(text, random)) };
}

/** A name may stand twice in it. @param {[string, unknown][]} fields */
function object(fields) {
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
}

/** @param {Random} random */
function helper(random) {
  return one(
    ["jane", "jane", "token", "picky", "empty", "empty", "broken", "noise", "absent", "../jane", ""],
    random,
  );
}

/** @param {string} repository @param {Random} random */
function key(repository, random) {
  const [host = "", ...path] = (random(10) ? repository : one(repositories, random)).split("/");
  const hubs = [
    "https://index.docker.io/v1/",
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "https://docker.io",
    "https://index.docker.io/v2/",
  ];
  if (host === "docker.io" && random(3)) return one(hubs, random);
  return one(
    [
      ...[
        host,
        host,
        host,
        `https://${host}`,
        `http://${host}`,
        `https://${host}/v1/`,
        `https://${host}/v2/`,
        `${host}/v1/`,
      ],
      ...[
        host.toUpperCase(),
        `HTTPS://${host}`,
        `${host}/`,
        `https://${host}/x/y`,
        `${host}/${path[0]}`,
        `${host}/${path.join("/")}`,
      ],
      ...[
        `${host}/other`,
        `${host}/${path.join("/")}/x`,
        `${host}/${path.join("/")}:1`,
        `${host}:443`,
        `${host}0`,
        `x${host}`,
      ],
      ...[
        `https://user@${host}`,
        `ftp://${host}`,
        `//${host}`,
        ` ${host}`,
        `${host}?x`,
        `https://${host}:443/v1/`,
        "",
      ],
    ],
    random,
  );
}

/** @param {string} user @param {Random} random @returns {unknown} */
function entry(user, random) {
  const secret = one(["secret", "se:cret", "sécret", "", "\0secret\0", " secret "], random);
  const pair = Buffer.from(`${user}:${secret}-of-${user}`).toString("base64");
  switch (random(20)) {
    case 0:
      return { username: user, password: `${secret}-of-${user}` };
    case 1:
      return { auth: pair, identitytoken: `token-of-${user}` };
    case 2:
      return { identitytoken: `token-of-${user}` };
    case 3:
      return { registrytoken: `token-of-${user}` };
    case 4:
      return { auth: pair, username: "nobody", password: "nothing", email: "a@b.example" };
    case 5:
      return one([{}, { auth: "" }, { email: "a@b.example" }, null, { auth: null }], random);
    case 6:
      return { Auth: pair };
    case 7:
      return {
        auth: one(
          [
            pair.replace(/=+$/, ""),
            `${pair}\n`,
            ` ${pair}`,
            pair.slice(1),
            "!",
            pair.replace(/(.{8})/, "$1\r\n"),
            `${pair}AA==`,
          ],
          random,
        ),
      };
    case 8:
      return {
        auth: Buffer.from(
          one(
            [user, `:secret-of-${user}`, ":", `${user}:`, `<token>:token-of-${user}`, `\xff${user}:x`],
            random,
          ),
          "latin1",
        ).toString("base64"),
      };
    case 9:
      return one(
        [
          { password: `secret-of-${user}` },
          { username: user },
          { username: `${user}:x`, password: "x" },
          { username: "<token>", password: `token-of-${user}` },
        ],
        random,
      );
    case 10:
      return one([7, "text", [], { auth: 7 }, { auth: pair, identitytoken: 7 }, { username: {} }], random);
    case 11:
      return {
        auth: pair,
        registrytoken: one(
          [`token-of-${user}`, `to ken-of-${user}`, `tökèn-of-${user}`, `token-of-${user}\n`],
          random,
        ),
        identitytoken: "other",
      };
    default:
      return { auth: pair };
  }
}

/** @template T @param {readonly T[]} all @param {Random} random @returns {T} */
function one(all, random) {
  // There is one at each place below the length.
  return /** @type {T} */ (all[random(all.length)]);
}
