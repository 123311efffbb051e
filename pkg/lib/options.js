// Options that several functions share.

/**
 * Refuses an option with a typing mistake, which must not be passed over in silence.
 *
 * @param {any} options @param {string[]} known @param {Function} fail
 */
export function checkOptions(options, known, fail) {
  if (typeof options !== "object" || options === null) {
    throw fail("bad-input", "The options are not an object.", "Pass an object with named fields.");
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw fail(
      "bad-input",
      `options has the unknown field \`${unknown}\`.`,
      `Known are: ${known.join(", ")}.`,
    );
  }
}

/**
 * The registry of an image, as the options say it is reached, and the repository that holds its signatures.
 *
 * @param {any} core @param {import("../index.js").ImageReference} image @param {any} options
 */
export function openRegistry({ RegistryClient, fail }, image, { registry = {}, signal, timeoutMs }) {
  checkOptions(registry, ["url", "username", "password", "fetch", "repository"], fail);
  for (const name of ["url", "username", "password", "repository"]) {
    const value = registry[name];
    if (value === undefined || typeof value === "string" || (name === "url" && value instanceof URL))
      continue;
    throw fail("bad-input", `registry.${name} is not a string.`, "Pass it as a string, or leave it out.");
  }
  if (signal !== undefined && typeof signal?.addEventListener !== "function") {
    throw fail("bad-input", "signal is not an AbortSignal.", "Pass controller.signal, or leave it out.");
  }
  if (timeoutMs !== undefined && !(typeof timeoutMs === "number" && timeoutMs > 0)) {
    throw fail("bad-input", "timeoutMs is not a number above 0.", "Pass milliseconds, or leave it out.");
  }
  const { repository = image.repository, ...access } = registry;
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
