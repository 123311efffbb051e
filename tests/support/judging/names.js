// Names and digests that a signature may give in place of the image's own: other ones, and other spellings of the same.
import { pick } from "./json-text.js";

/**
 * @typedef {import("./json-text.js").Random} Random
 * @typedef {{ registry: string, repository: string, digest: string }} Image
 */

/** What signatures are about. */
export const places = [
  { registry: "registry.example", repository: "team/app" },
  { registry: "registry.example", repository: "team/app" },
  { registry: "registry.example:5000", repository: "app" },
  { registry: "docker.io", repository: "library/nginx" },
  { registry: "docker.io", repository: "team/app" },
  { registry: "localhost:5000", repository: "a/b__c/d-e.f" },
  { registry: "127.0.0.1:5000", repository: "team/app" },
  { registry: "[2001:db8::1]:443", repository: "team/app" },
  { registry: "registry.example", repository: `${"a".repeat(250)}/b-c` },
];

const wrongDigest = `sha256:${"0".repeat(64)}`;

/** @param {Image} image @param {Random} random */
export function oddName({ registry, repository, digest }, random) {
  const name = `${registry}/${repository}`;
  const [host, port] = registry.split(/:(?=\d+$)/);
  return pick(random, [
    () => `${name}:latest`,
    () => `${name}:1.2-rc_3`,
    () => `${name}@${digest}`,
    () => `${name}:v1@${digest}`,
    () => `${name}@${wrongDigest}`,
    () => `${name}:v1@${wrongDigest}`,
    () => `${name}@${digest.toUpperCase()}`,
    () => `${name}@sha512:${"0".repeat(128)}`,
    () => `${registry.toUpperCase()}/${repository}`,
    () => `${registry.charAt(0).toUpperCase()}${name.slice(1)}`,
    () => `${registry}/${repository.toUpperCase()}`,
    () => `${host}:${port ? Number(port) + 1 : 443}/${repository}`,
    () => `${host}/${repository}`,
    () => `${registry}.evil.example/${repository}`,
    () => `evil.${name}`,
    () => `${name}2`,
    () => `${name}/more`,
    () => name.slice(0, -1),
    () => `${name}/`,
    () => ` ${name}`,
    () => `${name}\n`,
    () =>
      `${name}:${pick(random, ["", "-a", "a/b", "a".repeat(128), "a".repeat(129), "\u00e4", "a:b", "%20"])}`,
    () => `https://${name}`,
    () => `//${name}`,
    () => `user@${name}`,
    () => repository,
    () => "",
    () => `@${digest}`,
    () => digest,
    () => `${registry}//${repository}`,
    () => `${registry}/./${repository}`,
    () => `${registry}/${repository.replace("/", "%2f")}`,
    () => `${name.replace("a", "\u0430")}`,
    () => `${registry}./${repository}`,
    () => `${host}:0${port ?? 443}/${repository}`,
    () =>
      `${pick(random, ["index.docker.io", "registry-1.docker.io", "DOCKER.io", "docker.io"])}/${pick(random, [repository, repository.replace(/^library\//, "")])}`,
    () => `${pick(random, hosts)}/${repository}`,
    () => `${registry}/${pick(random, paths)}`,
  ])();
}

const hosts = [
  "localhost",
  "LOCALHOST",
  "a",
  "a.b",
  "a..b",
  "-a.b",
  "a-.b",
  "a_b.c",
  `${"a".repeat(63)}.b`,
  `${"a".repeat(64)}.b`,
  "127.1",
  "1.2.3.4",
  "1.2.3.256",
  "01.2.3.4",
  "0x7f.1",
  "1.2.3.4.5",
  "a.1",
  "[::1]",
  "[::1]:5000",
  "[::1]:0",
  "[2001:DB8::1]:443",
  "[2001:db8::1]:443",
  "[::ffff:1.2.3.4]",
  "[fe80::1%25eth0]",
  "[1:2:3:4:5:6:7:8]",
  "[1:2:3:4:5:6:7::]",
  "[1::2::3]",
  "[:1]",
  "[::1",
  "a:65535",
  "a:65536",
  "a:",
  "a:b",
];

const paths = [
  "a",
  "A",
  "a-",
  "a--b",
  "a__b",
  "a___b",
  "a._b",
  "a..b",
  "a/-b",
  ".a",
  "a/",
  "team/app",
  "a-_b",
  "team/App",
];

/** @param {Image} image @param {Random} random */
export function oddDigest({ digest }, random) {
  const [algorithm = "", hex = ""] = digest.split(":");
  const other = hex.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  return pick(random, [
    () => `${algorithm}:${other}`,
    () => digest.toUpperCase(),
    () => `${algorithm}:${hex.toUpperCase()}`,
    () => hex,
    () => `${digest}0`,
    () => digest.slice(0, -1),
    () => ` ${digest}`,
    () => `${digest}\u0000`,
    () => `sha256:${hex}`,
    () => `sha384:${hex}`,
    () => "",
    () => `${algorithm}-${hex}`,
  ])();
}
