// Options that several functions share.

/**
 * Refuses an option with a typing mistake, which must not be passed over in silence. What it returns is a copy, so
 * that what is checked is what is used.
 *
 * @param {any} options @param {string[]} known @param {Function} fail @param {string} [name] @returns {any}
 */
export function checkOptions(options, known, fail, name = "options") {
  const given = fieldsOf(options, known);
  if (!given) throw fail("bad-input", `${name} is not an object.`, "Pass an object with named fields.");
  const { unknown, fields } = given;
  if (unknown === undefined) return fields;
  throw fail("bad-input", `${name} has the unknown field \`${unknown}\`.`, `Known are: ${known.join(", ")}.`);
}

/** A copy of an object's known fields, and the name of an unknown one. @param {any} options @param {string[]} known */
function fieldsOf(options, known) {
  try {
    if (typeof options !== "object" || options === null || Array.isArray(options)) return undefined;
    const unknown = Object.keys(options).find((key) => !known.includes(key));
    return { unknown, fields: Object.fromEntries(known.map((key) => [key, options[key]])) };
  } catch {
    // A revoked proxy throws at every touch.
    return undefined;
  }
}

/** A number above zero that may be left out. @param {any} options @param {string} key @param {Function} fail @returns {number | undefined} */
export function positive(options, key, fail) {
  const value = options[key];
  if (value === undefined || (typeof value === "number" && value > 0)) return value;
  throw fail("bad-input", `${key} is not a number above 0.`, "Pass a positive number, or leave it out.");
}

/** A whole number above zero that may be left out. @param {any} options @param {string} key @param {Function} fail @returns {number | undefined} */
export function count(options, key, fail) {
  const value = positive(options, key, fail);
  if (value === undefined || (Number.isInteger(value) && value < 2 ** 32)) return value;
  throw fail("bad-input", `${key} is not a whole number.`, "Pass a whole number above 0.");
}

/** A function that may be left out. @param {any} options @param {string} key @param {Function} fail @returns {Function | undefined} */
export function optionalFunction(options, key, fail) {
  const value = options[key];
  if (value === undefined || typeof value === "function") return value;
  throw fail("bad-input", `${key} is not a function.`, "Pass a function, or leave it out.");
}

/** Anything that looks like an abort signal. @param {any} signal @param {Function} fail */
export function checkSignalOption(signal, fail) {
  if (signal === undefined || typeof signal?.addEventListener === "function") return;
  throw fail("bad-input", "signal is not an AbortSignal.", "Pass controller.signal, or leave it out.");
}

/**
 * The registry of an image, as the options say it is reached, and the repository that holds its signatures.
 *
 * @param {any} core @param {import("../index.js").ImageReference} image @param {any} options
 */
export function openRegistry({ RegistryClient, fail }, image, { registry = {}, signal, timeoutMs }) {
  const known = ["url", "username", "password", "fetch", "repository"];
  const given = checkOptions(registry, known, fail, "registry");
  for (const name of ["url", "username", "password", "repository"]) {
    const value = given[name];
    if (value === undefined || typeof value === "string" || (name === "url" && value instanceof URL))
      continue;
    throw fail("bad-input", `registry.${name} is not a string.`, "Pass it as a string, or leave it out.");
  }
  checkSignalOption(signal, fail);
  positive({ timeoutMs }, "timeoutMs", fail);
  const { repository = image.repository, ...access } = given;
  return {
    client: new RegistryClient({ domain: image.registry, ...access, signal, timeoutMs, fail }),
    repository,
  };
}

/** What a tag may have at the most (OCI distribution spec, "Pulling manifests"). */
const longestTag = 128;

/** The tag under which cosign keeps an image's signatures; there can be none for sha512. @param {string} digest */
export function signatureTag(digest) {
  const tag = `${digest.replace(":", "-")}.sig`;
  return tag.length > longestTag ? undefined : tag;
}

/** The tag for an image's referrers, cut as the OCI distribution spec says ("Referrers Tag Schema"). @param {string} digest */
export function referrersTag(digest) {
  const [algorithm, encoded] = digest.split(":");
  return `${algorithm.slice(0, 32)}-${encoded.slice(0, 64)}`;
}
