// A service, its registry, and a client's shell, with a proxy that lets connections fail on each way between them.
import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { decodeArtifactUri, publicKey, verifyImage } from "ocisign";
import { Registry } from "../../demo/registry.js";
import { shellIn } from "./cli.js";
import { openDockerRegistry } from "./docker-registry.js";
import { audience, issuerKey, startFakeIssuer } from "./fake-issuer.js";
import { listening } from "./listening.js";
import { pushMany } from "./many-images.js";
import { noticedWay } from "./noticed-way.js";
import { clientsOf, groupA, groupB, productFor, profileOf, testSandbox } from "./sandbox.js";
import { startToxiproxy } from "./toxiproxy.js";

const repository = "night/app";

/**
 * Opens everything, without a fault yet.
 *
 * @param {{ sandboxSeed: number, proxySeed: number }} seeds @param {number} count of images
 * @param {{ needApproval?: boolean }} [options]
 */
export async function openFaultWorld({ sandboxSeed, proxySeed }, count, { needApproval = false } = {}) {
  const toxiproxy = await startToxiproxy(proxySeed);
  const docker = await openDockerRegistry();
  // The signer's way to the registry gives the registry its name: the images are called after it.
  const signerWay = await toxiproxy.proxy("signer-registry", docker.url);
  const issuer = await startFakeIssuer();
  const key = issuerKey("ES256");
  issuer.publish(key);
  const sandbox = await testSandbox({
    name: "faults",
    registry: { url: signerWay.url },
    args: [
      ...["--faults", "--fault-seed", String(sandboxSeed)],
      ...["--oidc-issuer", issuer.url, "--oidc-audience", audience, "--oidc-client-id", "night"],
      // Behind a proxy it is called by another name than its own.
      "--allow-remote",
    ],
  });
  const registryWay = await toxiproxy.proxy("client-registry", docker.url);
  const noticed = await noticedWay(sandbox.base);
  const serviceWay = await toxiproxy.proxy("client-service", noticed.url);
  const as = await clientsOf(sandbox);
  const product = await as("admin").createProduct(
    productFor(sandbox, { keyType: "secp256r1", approvalGroups: needApproval ? [groupB] : [] }),
  );
  const images = await pushMany({ ...docker, domain: new URL(signerWay.url).host }, repository, count);
  const shell = shellIn("faults");
  shell.file("profile.json", JSON.stringify(await profileOf(sandbox)));
  shell.file("images.txt", `${images.join("\n")}\n`);
  const tokens = await tokenService(() => issuer.token(key, { groups: [groupA], jti: randomUUID() }));
  const approver = { sub: "approver", groups: [groupB] };
  const approverTokens = await tokenService(() => issuer.token(key, { ...approver, jti: randomUUID() }));
  const tokenCommand = (/** @type {string} */ name, /** @type {string} */ url) => {
    const path = shell.file(name, `console.log(await (await fetch("${url}")).text());\n`);
    return `${process.execPath} ${path}`;
  };
  const environment = {
    OCISIGN_URL: serviceWay.url,
    OCISIGN_PROFILE: "profile.json",
    OCISIGN_PRODUCT: product.id,
    OCISIGN_TOKEN_COMMAND: tokenCommand("token.mjs", tokens.url),
    OCISIGN_REGISTRY_URL: registryWay.url,
  };
  const asApprover = { OCISIGN_TOKEN_COMMAND: tokenCommand("approver.mjs", approverTokens.url) };

  /** @param {string} method @param {string} path @param {unknown} [body] */
  async function asAdmin(method, path, body) {
    const reply = await fetch(`${sandbox.base}/ocisign-sandbox/faults${path}`, {
      method,
      headers: {
        authorization: `Bearer ${sandbox.person("admin").token}`,
        "content-type": "application/json",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`the sandbox: ${method} faults${path}: ${await reply.text()}`);
    return reply.status === 204 ? undefined : reply.json();
  }

  /** Clients that a test has started, and not seen to its end. @type {Set<Running>} */
  const running = new Set();
  /** @param {string[]} args @param {NodeJS.ProcessEnv} env */
  const start = (args, env) => {
    const client = shell.start(args, { env: { ...environment, ...env } });
    running.add(client);
    client.ended.finally(() => running.delete(client));
    return client;
  };

  return {
    ...{ sandbox, docker, toxiproxy, shell, images, product, serviceWay, registryWay, signerWay, tokens },
    /** Adds a rule to the sandbox's. @param {object} rule */
    fail: (rule) => asAdmin("POST", "", rule),
    /** How often each rule struck. @returns {Promise<{ fault: object, seen: number, struck: number }[]>} */
    rules: async () => (await asAdmin("GET", "")).rules,
    /** Ends the sandbox's faults; the connections stay as bad as they are. */
    endFaults: () => asAdmin("DELETE", ""),
    async heal() {
      await asAdmin("DELETE", "");
      for (const way of [serviceWay, registryWay, signerWay]) await way.clear();
    },
    /** Starts the client as a person does, with the service and the registry behind their proxies. @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
    start: (args, env = {}) => start(args, env),
    /** The same as the person who approves. @param {string[]} args */
    startAsApprover: (args) => start(args, asApprover),
    journal: join(shell.folder, "journal.jsonl"),
    /** How many requests the service has answered to, and how many of them asked for signatures, or approved one. */
    async answered() {
      const text = await (await fetch(`${new URL(sandbox.base).origin}/metrics`)).text();
      return countedIn(text);
    },
    requests: () => as("admin").signings(),
    /**
     * Lets the client run until a condition holds, or until it ends. It looks whenever something has passed between
     * client and service. @param {Running} client
     * @param {() => Promise<boolean>} isTime @returns {Promise<boolean>} whether the condition came first
     */
    async runsUntil(client, isTime) {
      let hasEnded = false;
      const ended = client.ended.then(() => {
        hasEnded = true;
      });
      while (!hasEnded) {
        // Before the look: what passes during it is not missed.
        const passed = noticed.passed();
        if (await isTime()) return !hasEnded;
        await Promise.race([passed, ended]);
      }
      return false;
    },
    async close() {
      for (const client of running) client.child.kill("SIGKILL");
      noticed.close();
      await sandbox.close();
      await docker.close();
      await toxiproxy.close();
      issuer.close();
      tokens.close();
      approverTokens.close();
      shell.remove();
    },
    /** What is wrong at the end: an image without its one signature, or with two; empty when all is well. */
    async faultsAtTheEnd() {
      const { pem } = publicKey(product, undefined, await profileOf(sandbox));
      return [
        ...wrongRequests(images, await as("admin").signings()),
        ...(await wrongSignatures(images, pem, docker.url)),
      ];
    },
    pem: async () => publicKey(product, undefined, await profileOf(sandbox)).pem,
  };
}

/** @typedef {Awaited<ReturnType<typeof openFaultWorld>>} FaultWorld */
/** @typedef {ReturnType<ReturnType<typeof shellIn>["start"]>} Running a client under way */

/** What a token command asks: each call gives a new token, as a cloud's program does. @param {() => string} token */
async function tokenService(token) {
  let given = 0;
  const server = createServer((_, response) => {
    given += 1;
    response.end(token());
  });
  const { port, close } = await listening(server);
  return { url: `http://127.0.0.1:${port}`, given: () => given, close };
}

/** @param {string} metrics */
function countedIn(metrics) {
  let [all, posts, approvals] = [0, 0, 0];
  for (const [, labels = "", count] of metrics.matchAll(
    /^ocisign_sandbox_http_requests_total\{(.*)\} (\d+)$/gm,
  )) {
    if (!/imagesignings|products/.test(labels)) continue;
    all += Number(count);
    if (!/method="POST"/.test(labels)) continue;
    if (/route="[^"]*imagesignings"/.test(labels)) posts += Number(count);
    if (/route="[^"]*approve"/.test(labels)) approvals += Number(count);
  }
  return { all, posts, approvals };
}

/** Exactly one request for each image. @param {string[]} images @param {import("ocisign").Signing[]} requests @returns {string[]} */
function wrongRequests(images, requests) {
  const of = new Map(images.map((image) => [image, /** @type {import("ocisign").Signing[]} */ ([])]));
  const strangers = [];
  for (const request of requests) {
    const [parameter] = request.payload?.optionalParameters ?? [];
    const image = decodeArtifactUri(String(parameter?.artifactURI));
    const list = of.get(image);
    if (list) list.push(request);
    else strangers.push(`a request for ${image}, which is not in the list`);
  }
  const wrong = [...of].flatMap(([image, own]) => {
    if (own.length !== 1) return [`${own.length} requests for ${image}: ${own.map(told)}`];
    return own[0]?.state === "signed"
      ? []
      : [`the request for ${image} is ${own[0]?.state}: ${own[0]?.reason}`];
  });
  return [...strangers, ...wrong];
}

/** @param {import("ocisign").Signing} request */
function told({ id, createdAt, state, payload }) {
  const marks = payload?.metadata?.map(({ name, value }) => `${name}=${value}`);
  return `${id} of ${createdAt}, ${state}, ${marks}`;
}

/** Exactly one signature for each image, and a valid one. @param {string[]} images @param {string} pem @param {string} url */
async function wrongSignatures(images, pem, url) {
  const registry = new Registry({ url });
  const wrong = [];
  for (const image of images) {
    const { state, reason } = await verifyImage(image, { publicKey: pem, registry: { url } });
    if (state !== "verified") wrong.push(`${image} is ${state}: ${reason}`);
    else {
      const tag = `${image.slice(image.indexOf("@") + 1).replace(":", "-")}.sig`;
      const { layers } = JSON.parse((await registry.manifest(repository, tag)).toString());
      if (layers.length !== 1) wrong.push(`${image} has ${layers.length} signatures`);
    }
  }
  return wrong;
}

/** How many whole lines a journal has. @param {string} path */
export function linesOf(path) {
  if (!existsSync(path)) return 0;
  let lines = 0;
  for (const byte of readFileSync(path)) if (byte === 0x0a) lines += 1;
  return lines;
}

/**
 * Tears a journal as a crash does: what was written last may be there in part.
 *
 * @param {string} path @param {import("./fault-plan.js").Kill["torn"]} torn @param {number} at from 0 to 1
 * @returns {string} what was done
 */
export function tear(path, torn, at) {
  if (torn === "nothing" || !existsSync(path)) return "nothing";
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end === 0 || end < bytes.length) return "nothing: it is torn already";
  const start = bytes.lastIndexOf(0x0a, end - 2) + 1;
  const record = bytes.subarray(start, end);
  const kept = Math.floor(at * (record.length - 1));
  if (torn === "half a record") {
    appendFileSync(path, record.subarray(0, kept));
    return `${kept} bytes of a record appended`;
  }
  // An intent is safe before anything of it is sent; only an outcome can be lost and found again.
  if (!record.includes('"outcome"')) return "nothing: the last record is no outcome";
  truncateSync(path, start + kept);
  return `the last outcome cut after ${kept} of ${record.length} bytes`;
}
