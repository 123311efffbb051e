// The one regular expression that many projects use: it takes a reference apart, and checks what it can.

const pattern =
  /^((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\d+)?)\/([a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)(?::(\w[\w.-]{0,127}))?@(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

/** @param {string} text */
export function oneRegex(text) {
  const match = pattern.exec(text);
  if (!match) throw new Error("no reference");
  const [, registry, repository, tag, digest] = match;
  return { registry, repository, tag, digest, canonical: `${registry}/${repository}@${digest}` };
}
