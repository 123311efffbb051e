import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { setUp } from "../build/set-up.js";
import { root } from "../machine/command.js";
import { readOptions, wholeNumber } from "../machine/options.js";

const usage = `Serves the page on a local sandbox until it is stopped.

  npm start [-- --port 8088 --registry-port 5088]

  --port           of the page and the service, on this machine only; 0 takes a free one
  --registry-port  of the sandbox's registry
  --help           this text

What it keeps lies in .ocisign/sandbox.`;

const options = readOptions(usage, {
  port: { type: "string", default: "8088" },
  "registry-port": { type: "string", default: "5088" },
});
const port = wholeNumber("port", options.port, 0, 65_535);
const registryPort = wholeNumber("registry-port", options["registry-port"], 0, 65_535);

const { sandbox: program } = await setUp({ sandbox: true, page: true });
// Only now are the packages and the module there that these need.
const { startSandbox } = await import("../../demo/sandbox.js");
const { offerSomethingToSign } = await import("../../demo/something-to-sign.js");

const data = join(root, ".ocisign", "sandbox");
try {
  const sandbox = await startSandbox({
    program: /** @type {string} */ (program),
    data,
    listen: `127.0.0.1:${port}`,
    registryListen: `127.0.0.1:${registryPort}`,
    talk: true,
    args: ["--www", join(root, "www", "build"), "--print-tokens"],
  });
  // Ctrl-C on a terminal reaches the sandbox by itself; other signals reach only this process.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => sandbox.stop());
  const { image, product } = await offerSomethingToSign(sandbox);
  console.log(`
An image to sign:
${image}

On the command line, in this folder and another shell:
  export OCISIGN_URL=${sandbox.base} OCISIGN_PROFILE=${sandbox.base}/ocisign-profile
  npx ocisign sign ${image} --product ${product} -t @${tokenFile("requester")}
  npx ocisign approve ID -t @${tokenFile("approver-one")}
  npx ocisign approve ID -t @${tokenFile("approver-two")}
  npx ocisign verify ${image} --product ${product} -t @${tokenFile("requester")}

Open ${sandbox.url} – Ctrl-C stops it.`);

  /** Keeps a token out of the list of processes. @param {string} role */
  function tokenFile(role) {
    const file = join(data, `${role}.token`);
    writeFileSync(file, sandbox.person(role).token, { mode: 0o600 });
    return relative(root, file);
  }
  await sandbox.gone;
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
