// Files of sign-ins: no message repeats a secret of them, and what is found is what a lenient reader finds there.
import assert from "node:assert/strict";
import { Problem, signIns } from "../../support/readers.js";

export const words = [
  ...["auths", "credHelpers", "credsStore", "auth", "identitytoken", "registrytoken", "username", "password"],
  ...[
    "https://index.docker.io/v1/",
    "docker.io",
    "registry.example:5000",
    "registry.example/team",
    "dXNlcjpodW50ZXItMg==",
  ],
];
const places = [
  { registry: "docker.io", repository: "library/alpine" },
  { registry: "registry.example:5000", repository: "team/app" },
];
const secretFields = ["auth", "password", "identitytoken", "registrytoken"];

/** @param {Buffer} input */
export function judge(input) {
  const kept = quietly(input, () => signIns.keptIn(input.toString(), "config.json"));
  if (!kept) return;
  const keys = Object.keys(kept.auths);
  for (const place of places) {
    const groups = signIns.keysFor(place, keys);
    for (const key of groups.flat()) {
      assert.ok(keys.includes(key));
      checkHost(key, place.registry);
      const found = quietly(input, () => signIns.signInOf(kept.auths[key], key, "config.json"));
      if (found) assert.ok(Object.values(found).every((it) => typeof it === "string"));
    }
    assert.equal(new Set(groups.flat()).size, groups.flat().length);
  }
}

/** A key is for its own host, and no host that it begins or ends. @param {string} key @param {string} registry */
function checkHost(key, registry) {
  const host = key
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .split("/")[0];
  const hub = ["docker.io", "index.docker.io", "registry-1.docker.io"];
  assert.ok(
    registry === "docker.io" ? hub.includes(host ?? "") : host === registry,
    `${key} for ${registry}`,
  );
}

/** Reads, and sees to it that no refusal repeats a secret. @template T @param {Buffer} input @param {() => T} read */
function quietly(input, read) {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    for (const secret of secretsIn(input)) {
      assert.ok(!`${error.message} ${error.fix}`.includes(secret), `a message repeats ${secret}`);
    }
    return undefined;
  }
}

/** @param {Buffer} input */
function secretsIn(input) {
  const fields = secretFields.join("|");
  const found = input.toString().matchAll(new RegExp(`"(?:${fields})"\\s*:\\s*"([^"\\\\]{8,})"`, "gi"));
  // What is the name of a field, too, or a key, is no secret.
  return [...found]
    .map(([, secret = ""]) => secret)
    .filter((it) => !secretFields.includes(it) && input.toString().split(it).length === 2);
}
