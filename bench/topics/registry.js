// Images whose signatures are read from a registry, far away and near.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { verifyAll, verifyImage } from "ocisign";
import { plainVerifier } from "../contenders/plain-verify.js";
import { everyOne } from "../lib/at-once.js";
import { signedRegistry } from "../lib/signed-registry.js";

const run = promisify(execFile);
const atOnce = 16;

/** @type {import("../lib/topic.js").Topic} */
export const topic = {
  name: "registry",
  title: "Images in a registry, verified with a P-256 key",
  async cases({ cosign, folder }) {
    const program = await cosign();
    if (!program) console.log("cosign is left out: it is built with Go, which is not here");
    /** @type {Case[]} */
    const cases = [];
    for (const kind of /** @type {const} */ (["tag", "bundle"])) {
      const what = `one image, ${kind === "tag" ? ".sig tag, two rounds" : "bundle, three rounds"} of 50 ms`;
      cases.push(await one(what, { ms: 50, kind, images: 1 }));
    }
    for (const signatures of [10, 100]) {
      const what = `one image with ${signatures} signatures, 8 at once`;
      cases.push(await one(what, { ms: 0, kind: "tag", images: 1, signatures }, false));
    }
    for (const ms of [0, 50]) {
      for (const images of [10, 100, 1000]) {
        const withCosign = ms > 0 && images === 100 ? program : undefined;
        cases.push(await many({ ms, kind: "tag", images }, withCosign, folder));
      }
    }
    for (const ms of [0, 50]) {
      for (const images of [100, 1000]) {
        cases.push(
          await many({ ms, kind: "tag", images }, ms > 0 ? program : undefined, folder, "verifyAll"),
        );
      }
    }
    return cases;
  },
};

/**
 * @typedef {import("../lib/topic.js").Case} Case
 *
 * @param {string} what @param {import("../lib/signed-registry.js").Wanted} wanted @returns {Promise<Case>}
 */
async function one(what, wanted, isAimed = true) {
  const { signatures = 1 } = wanted;
  const { images, pem, close } = await signedRegistry(wanted);
  const plain = await plainVerifier(pem);
  const [image = ""] = images;
  const [ours, theirs] = [() => verified(image, pem, signatures), () => counted(plain, image, signatures)];
  for (const check of [ours, theirs]) await check();
  const aim = isAimed ? { aim: 1 / 1.05 } : {};
  return {
    ...{ what, close, ms: wanted.ms > 0 ? 1000 : 300 },
    ours: { name: "verifyImage", items: signatures, run: ours },
    beside: [{ name: "fetch, all at once", items: signatures, run: theirs, ...aim }],
  };
}

/**
 * @param {import("../lib/signed-registry.js").Wanted} wanted @param {string | undefined} cosign @param {string} folder
 * @param {"verifyImage" | "verifyAll"} name of the function: called for each, or once for all
 * @returns {Promise<Case>}
 */
async function many(wanted, cosign, folder, name = "verifyImage") {
  const { ms, images: count } = wanted;
  const { images, pem, close } = await signedRegistry(wanted);
  const plain = await plainVerifier(pem);
  const ours =
    name === "verifyAll"
      ? () => allVerified(images, pem)
      : () => everyOne(images, atOnce, (image) => verified(image, pem, 1));
  const theirs = () => everyOne(images, atOnce, (image) => counted(plain, image, 1));
  for (const check of [ours, theirs]) await check();
  /** @type {import("../lib/topic.js").Beside[]} */
  const beside = [{ name: "fetch, all at once", items: count, run: theirs, aim: 0.8 }];
  if (cosign) {
    const file = join(folder, `key-${name}-${ms}-${count}.pub`);
    writeFileSync(file, pem);
    const some = images.slice(0, 20);
    const args = ["verify", "--key", file, "--insecure-ignore-tlog=true", ...some];
    // It ends with an error unless each of them is signed.
    const verify = () => run(cosign, args, { env: { ...process.env, HOME: folder, DOCKER_CONFIG: folder } });
    await verify();
    const note = `${some.length} of them, one after the other`;
    beside.push({ name: "cosign v3 in one process", items: some.length, run: verify, aim: 13, note });
  }
  return {
    what: `${count.toLocaleString("en")} images${name === "verifyAll" ? " of a list" : ""}, ${atOnce} at once, ${ms} ms a reply`,
    ...{ close, ms: 500 },
    ...(count === 1000 && ms > 0 && { rounds: 3 }),
    ours: { name, items: count, run: ours },
    beside,
  };
}

/** @param {readonly string[]} images @param {string} publicKey */
async function allVerified(images, publicKey) {
  let good = 0;
  for await (const { reference, verification } of verifyAll(images, { publicKey, concurrency: atOnce })) {
    if (verification?.state !== "verified") throw new Error(`${reference}: ${verification?.reason}`);
    good += 1;
  }
  if (good !== images.length) throw new Error(`${good} of ${images.length}`);
}

/** @param {string} image @param {string} publicKey @param {number} signatures */
async function verified(image, publicKey, signatures) {
  const { state, reason, signatures: found } = await verifyImage(image, { publicKey });
  const good = found.filter((it) => it.verified).length;
  if (state !== "verified" || good !== signatures) throw new Error(`${image}: ${good} good, ${reason}`);
}

/** @param {(image: string) => Promise<number>} verify @param {string} image @param {number} signatures */
async function counted(verify, image, signatures) {
  const good = await verify(image);
  if (good !== signatures) throw new Error(`${image}: ${good} good ones`);
}
