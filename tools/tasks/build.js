import { setUp } from "../build/set-up.js";
import { readOptions } from "../machine/options.js";

readOptions(
  `Builds the package, the sandbox and the page, and installs what that needs.

  npm run build`,
  {},
);

await setUp({ sandbox: true, page: true });
