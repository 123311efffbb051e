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
  const { repository = image.repository, ...access } = registry;
  return {
    client: new RegistryClient({ domain: image.registry, ...access, signal, timeoutMs, fail }),
    repository,
  };
}

/** The tag under which cosign keeps an image's signatures. @param {string} digest */
export function signatureTag(digest) {
  return `${digest.replace(":", "-")}.sig`;
}
