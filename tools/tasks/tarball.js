import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { removeLeftovers } from "../build/leftovers.js";
import { setModes } from "../build/modes.js";
import { setUp } from "../build/set-up.js";
import { root } from "../machine/command.js";
import { runNpm } from "../machine/npm.js";
import { readOptions } from "../machine/options.js";

readOptions(
  `Packs the package into target/tarball, and tells where it is and what its bytes are.

  npm run tarball

It prints the two variables by which examples/install-ocisign.sh installs the tarball, and writes them into
target/tarball/pin.env. There is no release on npm yet.`,
  {},
);

await setUp({});
removeLeftovers(join(root, "pkg", "dist"));
setModes();
const folder = join(root, "target", "tarball");
mkdirSync(folder, { recursive: true });
const { stdout } = await runNpm(["pack", "--workspace", "ocisign", "--json", "--pack-destination", folder]);
/** @type {{ filename: string }[]} */
const [made] = Object.values(JSON.parse(stdout));
const file = join(folder, made?.filename ?? "");
// As npm writes it into a lock file.
const integrity = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
const pin = `export OCISIGN_PACKAGE=${relative(root, file)}
export OCISIGN_INTEGRITY=${integrity}
`;
writeFileSync(join(folder, "pin.env"), pin);
process.stdout.write(pin);
