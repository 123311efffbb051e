// Does `ocisign doctor` see how a service differs, and does the profile that it writes work?
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { documentOf, shellIn } from "../support/cli.js";
import { clientsOf, productFor, testSandbox } from "../support/sandbox.js";

const shell = shellIn("doctor-shapes");
after(() => shell.remove());

/** Envelopes, names and places of fields; the paths stay ours. */
const replies = {
  signing: {
    envelope: "data.request",
    fields: {
      id: "requestId",
      status: "state.code",
      reason: "state.why",
      requester: "createdBy.oid",
      createdAt: "times.created",
      updatedAt: "times.changed",
      approvals: "decisions",
      requiredGroups: "rule.groups",
      missingGroups: "rule.open",
      history: "log",
    },
  },
  product: { envelope: "data", fields: { id: "productId", name: "title" } },
};

/** By what is different: the shape of the sandbox. */
const shapes = {
  nothing: {},
  "envelopes and names of fields": { replies, service: { requesterIsId: true } },
  "lists in envelopes, pages by a link in the reply": {
    lists: {
      signings: { items: "data.items", paging: { limit: "pageSize", next: "links.next" } },
      products: { items: "result", paging: { next: "next" } },
    },
    service: { largestPage: 2 },
  },
  "pages by their number": {
    lists: {
      signings: { items: "items", paging: { page: "page", first: 1, limit: "size" } },
      products: { items: "items", paging: { page: "page", first: 0, limit: "size" } },
    },
    service: { largestPage: 2 },
  },
  "pages by the header Link": {
    lists: { signings: { paging: { header: "Link" } }, products: { paging: { header: "Link" } } },
    service: { largestPage: 2, absoluteLinks: false },
  },
  "the key elsewhere": { publicKeyPath: "tokenInfo[].publicKey" },
  "paths with a slash at their end": { service: { trailingSlash: "required" } },
  "several ids within an element, and names that say little": {
    replies: {
      signing: {
        envelope: "a.b",
        fields: {
          ...{ id: "requestId", productId: "p.id", requester: "submitter.id", status: "state.code" },
          ...{ payload: "what.is.signed", name: "label" },
        },
      },
      product: {
        envelope: "x",
        fields: { id: "pid", productOperations: "about.ops", productConfigItems: "cfg" },
      },
    },
    lists: {
      signings: { items: "rows", paging: { offset: "start" } },
      products: { items: "d.rows", paging: { page: "pageNo", first: 0 } },
    },
    service: { largestPage: 1, requesterIsId: true },
  },
  "ids in an object within, beside a link of another name": {
    replies: {
      signing: { fields: { id: "info.id", status: "info.status" } },
      product: { fields: { id: "info.id" } },
    },
    lists: {
      signings: { items: "rows", paging: { next: "links.following" } },
      products: { items: "rows", paging: { next: "more" } },
    },
    service: { largestPage: 2 },
  },
};

for (const [name, shape] of Object.entries(shapes)) {
  test(`a service that differs in: ${name}`, async () => {
    writeFileSync(join(shell.folder, "shape.json"), JSON.stringify(shape));
    const sandbox = await testSandbox({
      name: "doctor",
      args: ["--shape", join(shell.folder, "shape.json")],
    });
    const front = await withoutProfile(sandbox.base);
    try {
      await requestThree(sandbox);
      const env = { OCISIGN_URL: front.url, OCISIGN_TOKEN: sandbox.person("requester").token };
      const file = `${name.replaceAll(/\W/g, "-")}.json`;
      const examined = await shell.ocisign(["doctor", "--json", "--write-profile", file], { env });
      const { findings } = documentOf(examined);
      assert.deepEqual(
        findings.filter(({ verdict, topic }) => verdict === "problem" && topic !== "registry"),
        [],
      );
      // With nothing but the profile that it wrote, the command line reads what is there.
      const listed = await shell.ocisign(["signings", "--json", "--profile", file], { env });
      assert.equal(listed.code, 0, listed.stderr);
      const signings = documentOf(listed);
      assert.equal(signings.length, 3);
      assert.ok(signings.every(({ id, status }) => typeof id === "string" && Number.isSafeInteger(status)));
      const { stdout, code } = await shell.ocisign(["status", signings[0].id, "--json", "--profile", file], {
        env,
      });
      assert.notEqual(code, 1, stdout);
      assert.equal(JSON.parse(stdout).id, signings[0].id);
      const products = documentOf(await shell.ocisign(["products", "--json", "--profile", file], { env }));
      assert.equal(products.length, 3);
      const key = await shell.ocisign(["key", "-P", products[0].id, "--profile", file], { env });
      assert.match(key.stdout, /BEGIN PUBLIC KEY/, key.stderr);
    } finally {
      await front.close();
      await sandbox.close();
    }
  });
}

/** Three products, a request of each; none is approved beforehand. */
async function requestThree(sandbox) {
  const as = await clientsOf(sandbox);
  const digest = await pushImage(new Registry(sandbox.registry), "team/app");
  for (const name of ["one", "two", "three"]) {
    const product = await as("requester").createProduct(productFor(sandbox, { name }));
    const artifact = `${sandbox.registry.domain}/team/app@${digest}`;
    await as("requester").requestSigning({ productId: product.id, artifact });
  }
}

/** A way to the sandbox that hides how it describes itself, as a real service does not. */
async function withoutProfile(base) {
  const target = new URL(base);
  const server = createServer((asked, answered) => {
    if (asked.url?.endsWith("ocisign-profile")) return void answered.writeHead(404).end();
    const { method, url: path } = asked;
    const headers = { ...asked.headers, host: target.host };
    const behind = request(
      { ...{ host: target.hostname, port: target.port }, method, headers, path },
      (reply) => {
        answered.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answered);
      },
    );
    behind.on("error", () => answered.destroy());
    asked.pipe(behind);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${port}${target.pathname}`, close };
}
