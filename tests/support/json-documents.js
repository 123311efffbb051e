// The JSON of each command that prints it, from one sandbox: what programs read.
import assert from "node:assert/strict";
import { pushImage } from "../../demo/image.js";
import { shapeOf } from "../../tools/check/shape.js";
import { cliSandbox } from "./cli.js";

/**
 * The shape of each document, by the command that printed it.
 *
 * @returns {Promise<string>} JSON
 */
export async function documentShapes() {
  const at = await cliSandbox("json-documents");
  try {
    const told = {};
    for await (const [name, document] of documents(at)) told[name] = shapeOf(document);
    return `${JSON.stringify(told, null, 1)}\n`;
  } finally {
    await at.close();
  }
}

async function* documents(at) {
  const { product, automatic, image, registry, sandbox } = at;
  const previous = image.replace(at.digest, await pushImage(registry, "team/app", "an earlier version"));
  const of = async (name, code, args, as = "requester") => {
    const { username, password } = sandbox.registry;
    const env = {
      OCISIGN_TOKEN: at.token(as),
      OCISIGN_REGISTRY_USERNAME: username,
      OCISIGN_REGISTRY_PASSWORD: password,
    };
    const run = await at.ocisign([...args, "--json"], { env });
    const ending = `ocisign ${args.join(" ")} ends with ${run.code}, and not with ${code}`;
    assert.equal(run.code, code, `${ending}: ${run.stdout}${run.stderr}`);
    return /** @type {const} */ ([name, JSON.parse(run.stdout)]);
  };
  const requested = await of("sign", 0, ["sign", image, "-P", product.id]);
  yield requested;
  const { id } = requested[1];
  yield await of("status, waiting", 3, ["status", id]);
  yield await of("signings", 0, ["signings"]);
  yield await of("approve", 0, ["approve", id, "--yes"], "approver-one");
  yield await of("reject", 0, ["reject", id, "--comment", "not this one"], "approver-two");
  yield await of("status, rejected", 4, ["status", id]);
  yield await of("sign --wait --verify", 0, ["sign", image, "-P", automatic.id, "--wait", "--verify"]);
  yield await of("key", 0, ["key", "-P", automatic.id]);
  yield await of("verify", 0, ["verify", image, "-P", automatic.id]);
  yield await of("verify, unsigned", 5, ["verify", previous, "-P", automatic.id]);
  yield await of("verify, unreachable", 1, ["verify", image.replace("team", "none"), "-P", automatic.id]);
  yield await of("bundle", 0, ["bundle", image, "-P", automatic.id, "--output", "proof.json"]);
  yield await of("verify --proof", 0, ["verify", image, "--proof", "proof.json", "-P", automatic.id]);
  yield await of("copy", 0, ["copy", image, `${sandbox.registry.domain}/mirror/app`]);
  yield await of("diff", 7, ["diff", previous, image]);
  yield await of("payload", 0, ["payload", image]);
  yield await of("products", 0, ["products"]);
  yield await of("products, one", 0, ["products", automatic.id]);
  yield await of("whoami", 0, ["whoami"]);
  yield await of("doctor", 0, ["doctor"]);
  yield await of("imagesigning get", 4, ["imagesigning", "get", "-I", id]);
  yield await of("an error of usage", 2, ["verify"]);
  yield await of("an error of the library", 2, ["sign", "nginx", "-P", product.id]);
}
