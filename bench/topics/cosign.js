// One process for one image: `ocisign verify` beside `cosign verify`, from its start to its end.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { signedRegistry } from "../lib/signed-registry.js";

const run = promisify(execFile);
const cli = fileURLToPath(new URL("../../pkg/dist/cli/main.js", import.meta.url));

/** @type {import("../lib/topic.js").Topic} */
export const topic = {
  name: "cosign",
  title: "A process that verifies one image, from its start to its end",
  async cases({ cosign, folder }) {
    const program = await cosign();
    if (!program) {
      console.log("left out: it needs cosign, which is built with Go, and Go is not here");
      return [];
    }
    /** @type {import("../lib/topic.js").Case[]} */
    const cases = [];
    for (const ms of [0, 50]) {
      for (const kind of /** @type {const} */ (["tag", "bundle"])) {
        cases.push(await beside(program, folder, { ms, kind, images: 1 }));
      }
    }
    return cases;
  },
};

/**
 * @param {string} cosign @param {string} folder @param {import("../lib/signed-registry.js").Wanted} wanted
 * @returns {Promise<import("../lib/topic.js").Case>}
 */
async function beside(cosign, folder, wanted) {
  const { ms, kind } = wanted;
  const { images, pem, close } = await signedRegistry(wanted);
  const [image = ""] = images;
  const key = join(folder, `${kind}-${ms}.pub`);
  writeFileSync(key, pem);
  // Neither knows anything of whoever runs this, nor of a proxy.
  const env = { PATH: process.env.PATH, HOME: folder, DOCKER_CONFIG: folder, XDG_CONFIG_HOME: folder };
  // Both end with an error unless the image is signed by that key.
  const ours = () => run(process.execPath, [cli, "verify", image, "--key", key], { env });
  const theirs = () => run(cosign, ["verify", "--key", key, "--insecure-ignore-tlog=true", image], { env });
  await isRefusedOtherwise(ours, theirs, key, pem);
  return {
    ...{ what: `${kind === "tag" ? ".sig tag" : "bundle"}, ${ms} ms a reply`, close, ms: 1500 },
    ours: { name: "ocisign verify", run: ours },
    beside: [{ name: "cosign v3 verify", run: theirs, aim: ms === 0 ? 1 / 3 : 1 / 0.8 }],
  };
}

/**
 * Each accepts the image with its key, and refuses it with another one.
 *
 * @param {() => Promise<unknown>} ours @param {() => Promise<unknown>} theirs @param {string} file @param {string} pem
 */
async function isRefusedOtherwise(ours, theirs, file, pem) {
  const { keyPair } = await import("../../tests/support/signatures.js");
  for (const verify of [ours, theirs]) {
    await verify();
    writeFileSync(file, keyPair("P-256").pem);
    const isRefused = await verify().then(
      () => false,
      () => true,
    );
    if (!isRefused) throw new Error("an image was accepted with a key that did not sign it");
    writeFileSync(file, pem);
  }
}
