import { rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { setUp } from "../build/set-up.js";
import { root } from "../machine/command.js";
import { readOptions, wholeNumber } from "../machine/options.js";

const usage = `Serves the page on a local sandbox until it is stopped.

  npm start [-- --port 8088 --registry-port 5088 --allow-origin http://localhost:8000]

  --port           of the page and the service, on this machine only; 0 takes a free one
  --registry-port  of the sandbox's registry
  --allow-origin   a portal of yours that may call the service and read the registry; repeat it for more
  --data           where it keeps everything, by default .ocisign/sandbox: profile.json for --profile, and a file with a
                   token for each person
  --help           this text`;

const options = readOptions(usage, {
  port: { type: "string", default: "8088" },
  "registry-port": { type: "string", default: "5088" },
  "allow-origin": { type: "string", multiple: true, default: [] },
  data: { type: "string", default: join(root, ".ocisign", "sandbox") },
});
const port = wholeNumber("port", options.port, 0, 65_535);
const registryPort = wholeNumber("registry-port", options["registry-port"], 0, 65_535);

const allowed = options["allow-origin"].flatMap((origin) => ["--allow-origin", origin]);

const { sandbox: program } = await setUp({ sandbox: true, page: true });
// Only now are the packages and the module there that these need.
const { startSandbox } = await import("../../demo/sandbox.js");
const { offerSomethingToSign } = await import("../../demo/something-to-sign.js");

const data = resolve(options.data);
try {
  const sandbox = await startSandbox({
    program: /** @type {string} */ (program),
    data,
    listen: `127.0.0.1:${port}`,
    registryListen: `127.0.0.1:${registryPort}`,
    talk: true,
    args: ["--www", join(root, "www", "build"), "--print-tokens", ...allowed],
  });
  // Ctrl-C on a terminal reaches the sandbox by itself; other signals reach only this process.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => sandbox.stop());
  const { image, product } = await offerSomethingToSign(sandbox);
  const tokenFiles = Object.fromEntries(sandbox.people.map(({ role }) => [role, tokenFile(role)]));
  const profile = await profileFile();
  console.log(`
An image to sign:
${image}

On the command line, in this folder and another shell:
  export OCISIGN_URL=${sandbox.base} OCISIGN_PROFILE=${profile}
  npx --no ocisign sign ${image} --product ${product} -t @${tokenFiles.requester}
  npx --no ocisign approve ID -t @${tokenFiles["approver-one"]}
  npx --no ocisign approve ID -t @${tokenFiles["approver-two"]}
  npx --no ocisign verify ${image} --product ${product} -t @${tokenFiles.requester}

Open ${sandbox.url} – Ctrl-C stops it.`);

  /** Keeps a token out of the list of processes. @param {string} role */
  function tokenFile(role) {
    const file = join(data, `${role}.token`);
    // One that an earlier start left, or somebody put there, may be open to others.
    rmSync(file, { force: true });
    writeFileSync(file, sandbox.person(role).token, { flag: "wx", mode: 0o600 });
    return relative(root, file);
  }

  /** As a file, which the command line and the examples read alike. */
  async function profileFile() {
    const file = join(data, "profile.json");
    writeFileSync(file, await (await fetch(`${sandbox.base}/ocisign-profile`)).text());
    return relative(root, file);
  }
  await sandbox.gone;
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
