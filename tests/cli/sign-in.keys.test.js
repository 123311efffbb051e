// Under which keys does a file keep what opens a place, and under which not?
import assert from "node:assert/strict";
import { test } from "node:test";
import { importSource } from "../support/source.js";

const { dockersKey, keysFor } = await importSource("pkg/src/cli/registry-sign-in/keys.ts");

/** @param {string} name `registry/repository` @param {string[]} keys */
const found = (name, keys) => {
  const slash = name.indexOf("/");
  return keysFor({ registry: name.slice(0, slash), repository: name.slice(slash + 1) }, keys).flat();
};

// What is for it, the best first; and what is not.
for (const [name, right, wrong] of /** @type {[string, string[], string[]][]} */ ([
  [
    "registry.example/team/app",
    ["registry.example/team/app", "registry.example/team", "registry.example", "Registry.Example"],
    [
      ...[
        "registry.example/team/ap",
        "registry.example/team/app/x",
        "registry.example/tea",
        "registry.example/app",
      ],
      ...[
        "registry.example.evil",
        "xregistry.example",
        "registry.exampl",
        "example",
        "registry",
        "team/app",
        "",
      ],
      ...["registry.example:443", "registry.example:5000", "https://registry.example:443/v1/"],
      ...["https://registry.example@evil.example/v1/", "https://evil.example/registry.example", "*.example"],
      ...[
        "registry.example/team/app:1.0",
        "registry.example/Team",
        "ftp://registry.example",
        "registry.example?x",
      ],
      ...[
        "registry.example/team/app@sha256:00",
        "//registry.example",
        " registry.example",
        "registry.example ",
      ],
    ],
  ],
  ["registry.example/a", ["https://registry.example/v1/"], ["https://registry.example.evil/v1/"]],
  ["registry.example/a", ["https://registry.example/v2/"], ["https://evil/registry.example/v2/"]],
  ["registry.example/a", ["https://registry.example"], []],
  ["registry.example/a", ["http://registry.example"], ["http://registry.example:80"]],
  ["registry.example/a", ["HTTPS://Registry.Example/v2"], []],
  ["registry.example/a", ["registry.example/"], []],
  ["registry.example/a", ["registry.example/v1/"], ["registry.example/v1"]],
  ["registry.example/v1/a", ["registry.example/v1"], ["registry.example/v2"]],
  ["registry.example/a", ["https://registry.example/some/proxy/"], []],
  [
    "registry.example:5000/a",
    ["registry.example:5000"],
    ["registry.example", "registry.example:50000", "registry.example:500"],
  ],
  ["registry.example:5000/a", ["https://registry.example:5000/v2/"], ["https://registry.example/v2/"]],
  ["localhost:5000/a", ["localhost:5000"], ["localhost", "127.0.0.1:5000"]],
  ["[::1]:5000/a", ["[::1]:5000"], ["::1", "[::1]", "[::1]:50"]],
  [
    "docker.io/library/nginx",
    ["docker.io/library", "https://index.docker.io/v1/", "docker.io", "registry-1.docker.io"],
    [
      "hub.docker.com",
      "docker.io.evil",
      "index.docker.io.evil",
      "https://docker.io.evil/v1/",
      "notdocker.io",
    ],
  ],
  ["index.docker.io/library/nginx", ["https://index.docker.io/v1/", "index.docker.io", "docker.io"], []],
])) {
  test(`of ${name}: ${right.join(" ")}`, () => {
    assert.deepEqual(found(name, [...wrong, ...right.toReversed()]), right);
    assert.deepEqual(found(name, wrong), []);
    for (const key of right) assert.deepEqual(found(name, [key]), [key]);
  });
}

test("keys of a part are for nothing when only the registry is known", () => {
  const keys = ["registry.example/team", "registry.example"];
  assert.deepEqual(keysFor({ registry: "registry.example" }, keys).flat(), ["registry.example"]);
});

test("helpers are asked for Docker Hub by its URL, and for others by their names", () => {
  const hub = "https://index.docker.io/v1/";
  assert.deepEqual(["docker.io", "index.docker.io", "registry-1.docker.io"].map(dockersKey), [hub, hub, hub]);
  assert.equal(dockersKey("registry.example:5000"), "registry.example:5000");
});
