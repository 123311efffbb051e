// The program's first file, an ES module as all files of its name are in this package. Node loads CommonJS in less time.
import { createRequire } from "node:module";

createRequire(import.meta.url)("./start.cjs");
