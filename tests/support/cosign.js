// Real cosign, cut off from the network: everything beyond loopback goes to a proxy that does not exist, and its home
// is a new folder, so that nothing that was fetched before can help.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { goProgram } from "../../tools/machine/go.js";
import { temporaryFolder } from "./sandbox.js";

const nowhere = "http://127.0.0.1:9";

// cosign 2 looks for Sigstore's own roots even where only a key counts, and cannot read a bundle without any.
const noRoots = { mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1" };

const signArguments = {
  "cosign-v2": {
    "simple signing": ["--tlog-upload=false"],
    "bundle v0.3": ["--tlog-upload=false", "--new-bundle-format"],
  },
  "cosign-v3": {
    "simple signing": ["--use-signing-config=false", "--tlog-upload=false", "--new-bundle-format=false"],
    "bundle v0.3": ["--use-signing-config=false", "--tlog-upload=false"],
  },
};

/** A cosign that failed because of what it saw, and not because it could not see. */
const refusals = [
  /no matching signatures: .*(invalid signature|IEEE_P1363|verification error)/,
  /no matching attestations: .*accepted signatures do not match threshold/,
];

/** @typedef {"cosign-v2" | "cosign-v3"} Cosign @typedef {"simple signing" | "bundle v0.3"} Format */

export class Tools {
  /** @param {string} name */
  constructor(name) {
    const { folder, remove } = temporaryFolder(name);
    this.folder = folder;
    this.close = remove;
    this.trustedRoot = this.file("trusted-root.json", JSON.stringify(noRoots));
    this.env = {
      ...process.env,
      HOME: folder,
      DOCKER_CONFIG: folder,
      COSIGN_PASSWORD: "not a secret",
      HTTP_PROXY: nowhere,
      HTTPS_PROXY: nowhere,
      NO_PROXY: "127.0.0.1",
    };
  }

  /** @param {string} name @param {string | Uint8Array} content */
  file(name, content) {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** Tells cosign and crane the password of registries. @param {import("../../demo/registry.js").RegistryAccess[]} registries */
  logIn(registries) {
    const auths = registries.map(({ url, username, password }) => [
      new URL(url).host,
      { auth: Buffer.from(`${username}:${password}`).toString("base64") },
    ]);
    this.file("config.json", JSON.stringify({ auths: Object.fromEntries(auths) }));
  }

  /**
   * Runs a program to its end.
   *
   * @param {string} program @param {...string} args
   */
  run(program, ...args) {
    return execFileSync(program, args, {
      env: this.env,
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** @param {...string} args */
  crane(...args) {
    return this.run(goProgram("crane"), ...args);
  }

  /**
   * A key pair that cosign made, or for what it does not make, that it imported from openssl.
   *
   * @param {Cosign} cosign @param {string} keyType @returns {{ key: string, pem: string }} the private key's file, and the public key
   */
  keyPair(cosign, keyType) {
    const prefix = join(this.folder, `${cosign}-${keyType}`);
    if (!existsSync(`${prefix}.pub`)) {
      if (keyType === "secp256r1") {
        this.run(goProgram(cosign), "generate-key-pair", "--output-key-prefix", prefix);
      } else {
        const { key } = this.opensslKeyPair(keyType);
        const args = ["--key", key, "--output-key-prefix", prefix];
        this.run(goProgram(cosign), "import-key-pair", ...args);
      }
    }
    return { key: `${prefix}.key`, pem: readFileSync(`${prefix}.pub`, "utf8") };
  }

  /** A key pair of openssl's. @param {string} keyType @returns {{ key: string, pem: string }} as of `keyPair` */
  opensslKeyPair(keyType) {
    const key = join(this.folder, `openssl-${keyType}.pem`);
    if (!existsSync(key)) this.run("openssl", ...genpkey(keyType), "-out", key);
    return { key, pem: String(this.run("openssl", "pkey", "-in", key, "-pubout")) };
  }

  /** @param {Cosign} cosign @param {Format} format @param {string} key its file @param {string} image */
  sign(cosign, format, key, image) {
    this.run(goProgram(cosign), "sign", "--key", key, "-y", ...signArguments[cosign][format], image);
  }

  /**
   * Whether a cosign accepts an image's signature.
   *
   * @param {Cosign} cosign @param {string} pem the public key @param {string} image @param {string[]} [more] arguments
   */
  accepts(cosign, pem, image, more = []) {
    const args = ["--key", this.file("key.pub", pem), "--insecure-ignore-tlog=true"];
    if (cosign === "cosign-v2") args.push("--trusted-root", this.trustedRoot);
    return this.#verdict(refusals, goProgram(cosign), "verify", ...args, ...more, image);
  }

  /**
   * Whether openssl accepts a signature, with SHA-256.
   *
   * @param {string} pem the public key @param {Uint8Array} payload @param {Uint8Array} signature
   */
  opensslAccepts(pem, payload, signature) {
    const key = this.file("key.pub", pem);
    const files = ["-signature", this.file("signature", signature), this.file("payload", payload)];
    return this.#verdict([/^Verification failure/m], "openssl", "dgst", "-sha256", "-verify", key, ...files);
  }

  /** @param {RegExp[]} refusals @param {string} program @param {...string} args */
  #verdict(refusals, program, ...args) {
    try {
      this.run(program, ...args);
      return true;
    } catch (error) {
      const { status, stdout, stderr } =
        /** @type {{ status?: number, stdout?: Buffer, stderr?: Buffer }} */ (error);
      const said = `${stdout}${stderr}`;
      if (status && refusals.some((refusal) => refusal.test(said))) return false;
      throw new Error(`${program} ${args.join(" ")} ended with ${status}:\n${said}`, { cause: error });
    }
  }
}

/** @param {string} keyType */
function genpkey(keyType) {
  const rsa = /^RSA(\d+)$/.exec(keyType);
  // The one curve that openssl calls by another name.
  const curve = keyType === "secp256r1" ? "prime256v1" : keyType;
  return rsa
    ? ["genpkey", "-algorithm", "RSA", "-pkeyopt", `rsa_keygen_bits:${rsa[1]}`]
    : ["genpkey", "-algorithm", "EC", "-pkeyopt", `ec_paramgen_curve:${curve}`];
}
