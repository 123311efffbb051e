// Gives test files node-test.js where they ask for "node:test", and each of them its own copy of what lies in tests/ and
// demo/: by themselves they run in a process each. The package is one for all files that are imported in one round, and
// another in each round.
const ours = new URL("./node-test.js", import.meta.url).href;
const at = (/** @type {string} */ path) => new URL(path, import.meta.url).href;
const folders = [at("../../tests/"), at("../../demo/")];
const built = at("../../pkg/dist/");

/** @type {import("node:module").ResolveHook} */
export async function resolve(specifier, context, next) {
  const { parentURL } = context;
  if (specifier === "node:test" && parentURL !== ours) return { url: ours, shortCircuit: true };
  const found = await next(specifier, context);
  const { search, searchParams } = new URL(parentURL ?? found.url);
  if (search === "" || new URL(found.url).search !== "") return found;
  if (folders.some((it) => found.url.startsWith(it))) return { ...found, url: `${found.url}${search}` };
  const isBuilt = found.url.startsWith(built);
  return isBuilt ? { ...found, url: `${found.url}?round=${searchParams.get("round")}` } : found;
}
