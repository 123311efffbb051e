import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./command.js";
import { setUp } from "./setup.js";

const usage = `Serves the page on a local sandbox until it is stopped.

  npm start [-- --port 8088 --registry-port 5088]

What it keeps lies in .ocisign/sandbox.`;

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8088" },
    "registry-port": { type: "string", default: "5088" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const { sandbox: program } = await setUp({ sandbox: true, page: true });
// Only now are the packages and the module there that these need.
const { startSandbox } = await import("../demo/sandbox.js");
const { offerSomethingToSign } = await import("../demo/something-to-sign.js");

try {
  const sandbox = await startSandbox({
    program: /** @type {string} */ (program),
    data: join(root, ".ocisign", "sandbox"),
    listen: `127.0.0.1:${values.port}`,
    registryListen: `127.0.0.1:${values["registry-port"]}`,
    talk: true,
    args: ["--www", join(root, "www", "build"), "--print-tokens"],
  });
  // Ctrl-C on a terminal reaches the sandbox by itself; other signals reach only this process.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => sandbox.stop());
  console.log(
    `\nAn image to sign:\n${await offerSomethingToSign(sandbox)}\n\nOpen ${sandbox.url} – Ctrl-C stops it.`,
  );
  await sandbox.gone;
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
