import { join, relative } from "node:path";
import { buildExecutable } from "../build/executable.js";
import { setUp } from "../build/set-up.js";
import { root } from "../machine/command.js";
import { readOptions } from "../machine/options.js";

readOptions(
  `Makes one file of the command line and the Node that runs this, for machines without Node.

  npm run executable

It writes target/executable/ocisign, with the licences of what is in it. It works on Linux, with a Node from nodejs.org.`,
  {},
);

await setUp({});
const file = await buildExecutable(join(root, "target", "executable"));
process.stdout.write(`${relative(root, file)}\n`);
