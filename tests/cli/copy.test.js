// `ocisign copy`: what is told of a copy, by which sign-in each registry is reached, and that a kill loses nothing.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { documentOf, shellIn } from "../support/cli.js";
import { key, other, repositoryAt, wholeImage } from "../support/copying.js";
import { dockerRegistry, openDockerRegistry } from "../support/docker-registry.js";
import { listening } from "../support/listening.js";
import { referringRegistry } from "../support/referring-registry.js";

const large = randomBytes(20 * 1024 * 1024 + 3);
const access = { username: "pusher", password: "the-password-of-the-pusher" };

let one, closed, shell, from, made, image, pem;
before(async () => {
  [one, closed] = await Promise.all([openDockerRegistry(), dockerRegistry(access)]);
  shell = shellIn("copy");
  from = repositoryAt(one, "team/app");
  made = await wholeImage(from, { large });
  image = `${from.name}@${made.index.digest}`;
  pem = shell.file("key.pem", key.pem);
});
after(async () => {
  await one?.close();
  await closed?.close();
  shell?.remove();
});

const copy = (args, options) => shell.ocisign(["copy", ...args], options);
const verify = (place, ...args) =>
  shell.ocisign(["verify", `${place}@${made.index.digest}`, "--key", pem, ...args]);

test("an image by its tag, in words and as JSON; verified there by the name that was signed", async () => {
  const place = `${one.domain}/copies/words`;
  const plan = await copy([`${from.name}:1.0`, `${place}:1.0`, "--dry-run"]);
  assert.equal(plan.code, 0, plan.stderr);
  assert.match(plan.stderr, new RegExp(`names now\n${image}`));
  assert.match(plan.stdout, /^planned {2}.* -> .*\/copies\/words:1\.0@sha256:/);
  assert.match(
    plan.stdout,
    /blobs: 0 to send, 0 there already, \d+ \(2\d(\.\d)? MB\) to be taken over by the registry\n/,
  );
  const done = await copy([`${from.name}:1.0`, `${place}:1.0`, "--json"]);
  assert.equal(done.code, 0, done.stderr);
  const { state, manifests, blobs, tag } = documentOf(done);
  assert.deepEqual([state, tag, manifests.length, blobs.sent.count], ["copied", "1.0", 8, 0]);
  const verified = await verify(place, "--signed-as", `${place}=${from.name}`);
  assert.equal(verified.code, 0, verified.stdout);
  assert.equal((await verify(place)).code, 0, "a bundle names no repository");
});

test("another registry, by the sign-in that docker keeps, or by options of its own", async () => {
  const { domain, username, password } = closed;
  const refused = await copy([image, `${domain}/team/app`]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, new RegExp(`${domain}: .*`));
  const wrong = shell.file("wrong", "not it");
  const own = ["--to-username", username, "--to-password-file"];
  assert.equal((await copy([image, `${domain}/team/app`, ...own, wrong])).code, 1);
  const right = shell.file("right", `${password}\n`);
  const done = await copy([image, `${domain}/team/app:1.0`, ...own, right, "--key", pem]);
  assert.equal(done.code, 0, done.stderr);
  assert.ok(!`${done.stdout}${done.stderr}`.includes(password));
  assert.match(done.stdout, /left {6}attestations of .*: It is no signature that these keys made\./);

  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  shell.file("config.json", JSON.stringify({ auths: { [domain]: { auth } } }));
  const kept = await copy([image, `${domain}/team/kept`], { env: { DOCKER_CONFIG: shell.folder } });
  assert.equal(kept.code, 0, kept.stderr);
  // What is given for the source is not for the destination.
  const given = { OCISIGN_REGISTRY_USERNAME: username, OCISIGN_REGISTRY_PASSWORD: password };
  assert.equal((await copy([image, `${domain}/team/no`], { env: given })).code, 1);
});

test("an image that the keys did not sign, and a conflict, have an exit code", async () => {
  const stranger = shell.file("other.pem", other.pem);
  const place = `${one.domain}/copies/never`;
  const not = await copy([image, place, "--key", stranger]);
  assert.equal(not.code, 5);
  assert.match(not.stdout, /^not-verified {2}[\s\S]*invalid {2}[\s\S]*Nothing was copied\.\n$/);
  assert.equal((await verify(place)).code, 1);
  await repositoryAt(one, "copies/tagged").image("x", [Buffer.from("x")], {}, "1.0");
  const taken = await copy([image, `${one.domain}/copies/tagged:1.0`]);
  assert.equal(taken.code, 1);
  assert.match(taken.stderr, /names another image[\s\S]*overwrites nothing/);
});

test("wrong usage is told before anything is asked", async () => {
  /** @type {[string[], RegExp][]} */
  const wrong = [
    [[image], /destination/],
    [[image, "app"], /not a repository's name/],
    [[image, "mirror.example/app", "--threshold", "2"], /--threshold .* no key/],
    [[image, "mirror.example/app", "--to-username", "me"], /--to-username is given without/],
    [[image, "mirror.example/app", "--to-url", "http://mirror.example"], /--to-url/],
    [[image, "mirror.example/app", "--key", pem, "--product", "p"], /both say which key/],
  ];
  for (const [args, said] of wrong) {
    const { code, stderr } = await copy(args);
    assert.equal(code, 2, `${args}: ${stderr}`);
    assert.match(stderr, said);
  }
});

test("killed in the middle, the same command goes on: what is there is not sent again", async () => {
  const registry = referringRegistry();
  let isHeld = true;
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    const body = await buffer(request);
    // The first image's manifest is the turning point: blobs are there, and nothing names them yet.
    if (isHeld && request.method === "PUT" && path.includes("/manifests/")) return;
    const method = request.method;
    const bodyless = method === "GET" || method === "HEAD";
    const reply = await registry.fetch(`http://${request.headers.host}${path}`, {
      ...{ method, headers: request.headers },
      ...(!bodyless && { body }),
    });
    response.writeHead(reply.status, Object.fromEntries(reply.headers));
    response.end(method === "HEAD" ? undefined : Buffer.from(await reply.arrayBuffer()));
  });
  const { port, close } = await listening(server);
  const place = `127.0.0.1:${port}/team/app`;
  const reached = new Promise((resolve) => {
    server.on("request", ({ method, url = "" }) => {
      if (method === "PUT" && url.includes("/manifests/")) resolve(undefined);
    });
  });
  try {
    const killed = shell.start(["copy", image, `${place}:1.0`]);
    await reached;
    killed.child.kill("SIGKILL");
    await killed.ended;
    isHeld = false;
    const before = [...registry.held.keys()].filter((path) => path.includes("/blobs/"));
    assert.ok(before.length > 0);
    assert.ok(![...registry.held.keys()].some((path) => path.includes("/manifests/")));
    const again = await copy([image, `${place}:1.0`, "--json"]);
    assert.equal(again.code, 0, again.stderr);
    const { blobs, manifests } = documentOf(again);
    assert.ok(blobs.there.count >= before.length, "not sent again");
    assert.equal(manifests.length, 8);
    assert.equal((await verify(place)).code, 0);
  } finally {
    close();
  }
});
