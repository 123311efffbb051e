// References made at random, most of them nearly right: parts that are right, parts that are not, and changes in between.

const pieces = [
  ..."@:/.[]%\n\r\t é𝕏\u0085\u00a0\ufeff\u2028\u200b\0\x7fAZz-_09fg+~?#=",
  "\ud800",
  "\udc00",
  ..."__ ___ -- sha256: sha384: sha512: sha1: SHA256: // :// http localhost docker.io library/ :: 0x 127. 65535 65536".split(
    " ",
  ),
];
const hosts =
  "registry.example localhost LOCALHOST docker.io index.docker.io Registry-1.docker.io 127.0.0.1 127.1 0x7f.1 256.1.1.1 A.B a..b -a.b a-.b a_b.c nginx [::1] [1:2:3:4:5:6:7:8] [::g] [FE80::1] [::1 [::1]x 656666598317.dkr.ecr.eu-west-1.amazonaws.com 656666598317.dkr-ecr-fips.eu-west-1.on.aws".split(
    " ",
  );
const ports = ["", "", "", ":5000", ":1", ":65535", ":0", ":65536", ":080", ":"];
const paths =
  "team/app app nginx library/nginx a/b/c a__b a___b a-b--c a..b a.-b -a a- aB a//b a_b/c.d-e".split(" ");
const tags = ["", "", "", ":1.0", ":_A-b.c", ":", ":-x", ":a:b"];
const algorithms = /** @type {const} */ ([
  ["sha256", 64],
  ["sha384", 96],
  ["sha512", 128],
  ["sha1", 40],
]);

/** @param {(limit: number) => number} random whole numbers below a limit */
export function randomReference(random) {
  /** @template T @param {readonly T[]} all @returns {T} */
  const one = (all) => /** @type {T} */ (all[random(all.length)]);
  if (random(12) === 0) return Array.from({ length: random(12) }, () => one(pieces)).join("");
  const [algorithm, length] = one(algorithms);
  const digits = Array.from({ length: length - (random(15) ? 0 : 1) }, () => random(16).toString(16));
  const path = random(20) ? one(paths) : "a".repeat(245 + random(12));
  const host = random(25) ? one(hosts) : `${"a".repeat(60 + random(6))}.${"b.".repeat(random(120))}example`;
  let text = `${host}${one(ports)}/${path}${one(tags)}@${algorithm}:${digits.join("")}`;
  for (let changes = random(4); changes > 1; changes -= 1) {
    const place = random(text.length + 1);
    const after = text.slice(place + random(2));
    text = text.slice(0, place) + (random(3) ? one(pieces) : "") + (random(9) ? after : "");
  }
  return text;
}
