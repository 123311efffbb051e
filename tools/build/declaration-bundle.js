// One declaration file, which the bundler makes of many, and which files TypeScript read for it.
import { relative } from "node:path";
import { root } from "../machine/command.js";

/**
 * @param {string} entry @param {string} project its tsconfig.json
 * @param {Pick<import("dts-bundle-generator").EntryPointConfig, "libraries" | "output">
 *   & import("dts-bundle-generator").CompilationOptions} [options]
 * @returns {Promise<string>}
 */
export async function bundleDeclarations(entry, project, { libraries, output, ...compilation } = {}) {
  const { generateDtsBundle } = await import("dts-bundle-generator");
  const plain = { exportReferencedTypes: false, noBanner: true };
  const [text = ""] = generateDtsBundle(
    [{ filePath: entry, libraries: libraries ?? {}, output: { ...plain, ...output } }],
    { ...compilation, preferredConfigPath: project },
  );
  return text;
}

/**
 * What TypeScript reads while something runs, whoever calls it: the bundler has a TypeScript program of its own, and
 * does not tell what is in it. Without packages, which the lock file knows.
 *
 * @template T @param {() => Promise<T>} work @returns {Promise<{ result: T, inputs: string[] }>}
 */
export async function watchReads(work) {
  const { default: ts } = await import("typescript");
  const { readFile } = ts.sys;
  /** @type {Set<string>} */
  const read = new Set();
  ts.sys.readFile = (file, encoding) => {
    const text = readFile(file, encoding);
    if (text !== undefined) read.add(file);
    return text;
  };
  try {
    const result = await work();
    return { result, inputs: [...read].filter(isOurs) };
  } finally {
    ts.sys.readFile = readFile;
  }
}

/** @param {string} file */
function isOurs(file) {
  return !file.includes("/node_modules/") && !relative(root, file).startsWith("..");
}
