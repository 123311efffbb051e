// Gives test files node-test.js where they ask for "node:test", and each of them its own copy of what lies in tests/ and
// demo/: by themselves they run in a process each.
const ours = new URL("./node-test.js", import.meta.url).href;
const folders = ["../../tests/", "../../demo/"].map((path) => new URL(path, import.meta.url).href);

/** @type {import("node:module").ResolveHook} */
export async function resolve(specifier, context, next) {
  const { parentURL } = context;
  if (specifier === "node:test" && parentURL !== ours) return { url: ours, shortCircuit: true };
  const found = await next(specifier, context);
  const { search } = new URL(parentURL ?? found.url);
  const isOwn = folders.some((it) => found.url.startsWith(it)) && new URL(found.url).search === "";
  return isOwn && search !== "" ? { ...found, url: `${found.url}${search}` } : found;
}
