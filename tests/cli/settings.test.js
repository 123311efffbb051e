// Flags before environment before file; and what is wrong with any of them, with its place.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { shellIn } from "../support/cli.js";
import { fakeService } from "../support/fake-service.js";

let shell;
let services;
before(async () => {
  shell = shellIn("settings", { OCISIGN_TOKEN: "the-token" });
  const named = (name) => fakeService(() => ({ body: [{ id: "p", name }] }));
  services = { flag: await named("by-flag"), env: await named("by-env"), file: await named("by-file") };
});
after(() => {
  for (const service of Object.values(services ?? {})) service.close();
  shell?.remove();
});

const config = (content, path = "config.json") =>
  shell.file(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));

test("flags before environment before file, and an empty variable is none", async () => {
  config({ url: services.file.url });
  const flag = ["-a", services.flag.url];
  const env = { OCISIGN_URL: services.env.url };
  const file = ["--config", "config.json"];
  for (const [args, environment, expected] of /** @type {[string[], Record<string, string>, string][]} */ ([
    [[...flag, ...file], env, "by-flag"],
    [file, env, "by-env"],
    [file, {}, "by-file"],
    [file, { OCISIGN_URL: "" }, "by-file"],
    [[], { OCISIGN_CONFIG: "config.json" }, "by-file"],
  ])) {
    const { stdout, stderr } = await shell.ocisign(["products", ...args], { env: environment });
    assert.ok(stdout.includes(expected), `${expected}: ${stderr}`);
  }
  const last = await shell.ocisign(["-a", services.env.url, "products", "-a", services.flag.url]);
  assert.match(last.stdout, /by-flag/, "the nearer one counts");
});

test("the usual place, and paths from where the file is", async () => {
  for (const [folder, env] of /** @type {[string, Record<string, string>][]} */ ([
    [".config/ocisign", {}],
    ["elsewhere/ocisign", { XDG_CONFIG_HOME: `${shell.folder}/elsewhere` }],
  ])) {
    mkdirSync(`${shell.folder}/${folder}`, { recursive: true });
    config({ url: services.file.url, tokenFile: "token" }, `${folder}/config.json`);
    shell.file(`${folder}/token`, "the-token");
    const done = await shell.ocisign(["products"], { env: { OCISIGN_TOKEN: "", ...env } });
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /by-file/);
  }
});

test("what is wrong in the file is said with line and column", async () => {
  for (const [content, message, fix] of /** @type {[string, RegExp, RegExp][]} */ ([
    ['{\n  "ulr": "x"\n}', /config\.json:2:3: "ulr" is not a known key/, /Did you mean "url"\?/],
    ['{ "tokencommand": "x" }', /config\.json:1:3/, /Did you mean "tokenCommand"\?/],
    ['{ "colour": "blue" }', /config\.json:1:\d+: this is not a known key/, /Known keys: cacert, cert,/],
    ['{\n  "url": 7\n}', /config\.json:2:3: "url" is not a string/, /"url": "…"/],
    ['{\n  "url": "x",\n}', /config\.json:3:1: this is not JSON/, /Correct/],
    ['{\n  "url": "x"\n  "cert": "y"\n}', /config\.json:3:3: this is not JSON: comma expected/, /Correct/],
    ['{ "url": "a", "url": "b" }', /this key appears twice/, /Correct/],
    ['{ "a": { "b": 1,\n "b": 2 } }', /config\.json:2:2: this key appears twice/, /Correct/],
    ['{ "a": [{ "b": 1, "b": 2 }] }', /this key appears twice/, /Correct/],
    ['{ "__proto__": 1, "__proto__": 2 }', /this key appears twice/, /Correct/],
    ["[]", /config\.json:1:1: this is not a JSON object/, /Correct/],
    ['{ "token": "secret-token" }', /"token" does not belong/, /"tokenCommand"/],
    ['{ "tokenFile": "a", "tokenCommand": "b" }', /"tokenFile" and .*"tokenCommand" both/, /Leave/],
    ['{ "__proto__": "x" }', /config\.json:1:\d+: this is not a known key/, /Known/],
    [" ", /is empty/, /fill/],
  ])) {
    config(content);
    const { code, stderr } = await shell.ocisign(["products", "--config", "config.json"]);
    assert.notEqual(code, 0, content);
    assert.match(stderr, message);
    assert.match(stderr, fix);
    assert.ok(!stderr.includes("secret-token"));
  }
  const missing = await shell.ocisign(["products", "--config", "nowhere.json"]);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /--config: nowhere\.json: there is no such file/);
});

test("the documentation's own file is good", async () => {
  const documentation = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");
  const [, sample] = documentation.match(/```json\n(\{\n {2}"url"[\s\S]*?)```/) ?? assert.fail("no sample");
  config(sample, "sample.json");
  config("{}", "profile.json");
  shell.file("az", "#!/bin/sh\necho the-token\n", 0o700);
  const env = {
    OCISIGN_TOKEN: "",
    OCISIGN_URL: services.env.url,
    PATH: `${shell.folder}:${process.env.PATH}`,
  };
  const done = await shell.ocisign(["products", "--config", "sample.json"], { env });
  assert.equal(done.code, 0, done.stderr);
});

test("wrong usage ends with 2, and says how it is right", async () => {
  const image = `registry.example/app@sha256:${"ab".repeat(32)}`;
  const key = fileURLToPath(new URL("../fixtures/rsa4096.pem", import.meta.url));
  for (const [args, message] of /** @type {[string[], RegExp][]} */ ([
    [["sing", image], /unknown command 'sing'[\s\S]*Did you mean sign\?/],
    [["sign", image, "--prodcut", "p"], /--prodcut[\s\S]*Did you mean --product\?[\s\S]*ocisign sign --help/],
    [["imagesigning", "ad"], /Did you mean add\?/],
    [["sign"], /No image is given/],
    [["sign", image, "--from-file", "x"], /IMAGE and --from-file/],
    [["sign", image], /No product is given/],
    [["sign", image, "-P", "p", "--timeout", "5m"], /--timeout needs --wait/],
    [["sign", image, "-P", "p", "--wait", "--timeout", "soon"], /90s, 30m or 2h/],
    [["sign", image, "-P", "p", "--metadata", "novalue"], /NAME=VALUE/],
    [["sign", "registry.example/app:1.0", "-P", "p"], /no digest[\s\S]*--yes/],
    [["verify", image], /No key is given to verify with/],
    [["verify", image, "--key", "k", "--product", "p"], /--key and --product/],
    [["verify", image, "--key", "k", "--threshold", "two"], /whole number/],
    [["verify", image, "--key", "k", "--threshold", "0"], /whole number above 0/],
    [["verify", image, "--key", key, "--threshold", "2"], /--threshold needs 2 keys, but there is 1/],
    [
      ["verify", image, "--key", key, "--signatures-in", "http://x"],
      /--signatures-in .*team\/signatures, or with another registry/s,
    ],
    [
      ["verify", image, "--key", key, "--registry-url", "http://registry.example"],
      /--registry-url .*https:/s,
    ],
    [["sign", image, "-P", "p", "--verify", "--registry-url", "https://u:p@x"], /--registry-url .*https:/s],
    [["signings", "--limit", "0"], /whole number above 0/],
    [["approve", "id", "--digest", "sha256:abcd"], /--digest is not a digest.*64/s],
    [["approve", "id", "--digest", `SHA256:${"AB".repeat(32)}`], /is not a digest.*lower case/s],
    [["reject", "id"], /--comment/],
    [["reject", "id", "--comment", " "], /--comment is empty/],
    [["sign", `${"a".repeat(5000)}/b`, "-P", "p"], /^ {2}.{100}…\n {2}\^$/m],
    [["status"], /missing required argument 'id'/],
    [["status", "a", "b"], /too many arguments[\s\S]*Expected 1 argument but got 2[\s\S]*once for each/],
    [["sign", image, image, image, "-P", "p"], /got 3[\s\S]*--from-file/],
    [["verify", image, image], /too many arguments[\s\S]*once for each/],
    [["products", "OCI", "SIGN"], /too many arguments[\s\S]*in quotes/],
    [["key", "x"], /too many arguments[\s\S]*ocisign key --help/],
    [["signings", "--web"], /The URL of the page is not given[\s\S]*OCISIGN_PAGE/],
    [["signings", "--web", "--page", "http://page.example/"], /--page[\s\S]*https:/],
    [["signings", "--web", "--page", "https://page.example/?token=x"], /--page[\s\S]*without user, query/],
    [["signings", "--web", "--mine"], /cannot be used with/],
    [["signings", "--state", "done"], /Allowed choices/],
    [["products", "-a", "ftp://x"], /--url: .*https/],
    [["products", "-a", ""], /--url|service/],
  ])) {
    const { code, stdout, stderr } = await shell.ocisign(args, { env: { OCISIGN_URL: services.env.url } });
    assert.equal(code, 2, `${args}: ${stderr}`);
    assert.match(stderr, message);
    assert.equal(stdout, "");
    assert.ok(!/^ +at /m.test(stderr), "no stack");
  }
  const nowhere = await shell.ocisign(["products"], { env: { XDG_CONFIG_HOME: "/nowhere" } });
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.stderr, /OCISIGN_URL/);
});

test("OCISIGN_DEBUG=1 adds a stack, and no secret", async () => {
  const token = "very-secret-token";
  const env = { OCISIGN_TOKEN: token, OCISIGN_DEBUG: "1", OCISIGN_URL: "http://127.0.0.1:9/x" };
  const { code, stderr } = await shell.ocisign(["products", "--call-timeout", "100ms"], { env });
  assert.equal(code, 1);
  assert.match(stderr, /^ +at /m);
  assert.ok(!stderr.includes(token));
});
