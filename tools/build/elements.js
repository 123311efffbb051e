import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";
import { bundledLicences, licenceInputs } from "./bundled-licences.js";
import { elementsIn, manifestOf } from "./elements-manifest.js";
import { writeElementsTypes } from "./elements-types.js";
import { reactTypes, vueTypes } from "./framework-types.js";
import { writeLookAlikes } from "./look-alikes.js";
import { shrink } from "./shrink.js";
import { buildWhenStale, inputsOf } from "./stamp.js";

const elements = join(root, "pkg", "src", "elements");
const built = {
  browser: join(root, "pkg", "dist", "elements.js"),
  changes: join(root, "pkg", "dist", "elements-changes.js"),
  server: join(root, "pkg", "dist", "elements-server.js"),
  node: join(root, "pkg", "dist", "elements-node.js"),
  commonJs: join(root, "pkg", "dist", "elements-node.cjs"),
  types: join(root, "pkg", "dist", "elements.d.ts"),
  reactTypes: join(root, "pkg", "dist", "elements-react.d.ts"),
  vueTypes: join(root, "pkg", "dist", "elements-vue.d.ts"),
  manifest: join(root, "pkg", "dist", "custom-elements.json"),
};
/** Where esbuild leaves what becomes two files. */
const parts = join(root, "target", "elements");
const licences = join(root, "pkg", "dist", "elements-licences.txt");

export async function buildElements() {
  await writeLookAlikes();
  const builders = [
    ...["elements.js", "elements-types.js", "declaration-bundle.js"],
    ...["elements-manifest.js", "framework-types.js", "shrink.js"],
  ];
  return buildWhenStale(join(root, "target", "elements.stamp"), {
    extraInputs: [
      "package-lock.json",
      "tsconfig.json",
      ...builders.map((name) => `tools/build/${name}`),
      ...licenceInputs,
    ],
    build: async () => {
      const read = [...(await bundle()).flatMap(inputsOf), ...(await writeElementsTypes(built.types))];
      await describe();
      return { inputs: read, outputs: [...Object.values(built), licences] };
    },
  });
}

/** What editors and frameworks read of the elements, from their declaration. */
async function describe() {
  const elements = await elementsIn(readFileSync(built.types, "utf8"));
  writeFileSync(built.manifest, `${JSON.stringify(manifestOf(elements), undefined, 2)}\n`);
  writeFileSync(built.reactTypes, reactTypes(elements));
  writeFileSync(built.vueTypes, vueTypes(elements));
}

/** How the elements are bundled, for whatever runtime. */
const options = /** @type {const} */ ({
  bundle: true,
  minify: true,
  target: "es2022",
  // A module is UTF-8 whatever a server says of it.
  charset: "utf8",
  // Who made what is in it; the texts of their licences lie beside it.
  legalComments: "eof",
  metafile: true,
  logLevel: "silent",
});

/**
 * Bundles the elements with Lit, so that a page without a bundler can load them too: in one file, with another one that
 * the browser asks for when it has a comparison to draw. The package itself stays outside: it has to be the very
 * instance that the portal imports.
 *
 * @returns {Promise<import("esbuild").Metafile[]>} what each of the builds read
 */
async function bundle() {
  const { build } = await import("esbuild");
  const library = "./browser.js";
  // What reads trust files: the browser asks for it when there is one.
  const trustFiles = "./trust.js";
  const esm = /** @type {const} */ ({
    ...options,
    format: "esm",
    platform: "browser",
    alias: { ocisign: library, "ocisign/trust": trustFiles },
  });
  const external = [library, trustFiles];
  const browser = await build({
    ...esm,
    external,
    entryPoints: { elements: join(elements, "index.ts") },
    splitting: true,
    chunkNames: "[name]",
    outdir: parts,
  });
  await asTwoFiles();
  await shrink([built.browser, built.changes]);
  writeFileSync(licences, bundledLicences("elements.js", browser.metafile));
  const server = await build({
    ...esm,
    external,
    entryPoints: [join(elements, "server.ts")],
    outfile: built.server,
  });
  return [browser.metafile, server.metafile, await bundleForNode()];
}

/**
 * esbuild would put what both files need into a third one, for which each page would wait. rollup leaves it in the first,
 * which then has more names than those of the elements: they are for the second, and no part of what is public.
 */
async function asTwoFiles() {
  const { rollup } = await import("rollup");
  const merged = await rollup({
    input: join(parts, "elements.js"),
    external: [/(browser|trust)\.js$/],
    preserveEntrySignatures: "allow-extension",
    onwarn: (warning) => {
      throw new Error(`rollup: ${warning.message}`);
    },
  });
  const { output } = await merged.write({
    ...{ dir: join(root, "pkg", "dist"), format: "es", compact: true, generatedCode: "es2015" },
    ...{ entryFileNames: "elements.js", chunkFileNames: "elements-changes.js", minifyInternalExports: false },
  });
  await merged.close();
  if (output.length !== 2) throw new Error(`the elements are ${output.length} files, and not two`);
}

/**
 * For Node, and what runs in it: CommonJS, as Node's loader of the library is, and an ES module that hands it on. So
 * both are one instance, and Jest can load it.
 */
async function bundleForNode() {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    ...options,
    entryPoints: [join(elements, "node.cjs")],
    format: "cjs",
    // Lit's own build for Node is one for servers.
    platform: "browser",
    // The few lines that name what the library's CommonJS module holds, its default among them.
    alias: { ocisign: join(root, "pkg", "dist", "node.js"), "ocisign/trust": "./trust.cjs" },
    external: ["./node.cjs", "./trust.cjs"],
    outfile: built.commonJs,
  });
  const names =
    "OcisignActivity, OcisignApprovals, OcisignBatch, OcisignChanges, OcisignRequest, OcisignSigning, OcisignVerify, " +
    "prefillOf, setStrings, strings";
  writeFileSync(
    built.node,
    `import elements from "./elements-node.cjs";\nexport const { ${names} } = elements;\n`,
  );
  return metafile;
}
