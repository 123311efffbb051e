// A strict check of image references in plain JavaScript, with the same verdicts as the package's: what a careful team
// would write without it. `right.js` compares both on every row of the tables.

const longestPath = 255;
const longestTag = 128;
const longestName = 253;
const longestLabel = 63;
const hexLength = new Map([
  ["sha256", 64],
  ["sha384", 96],
  ["sha512", 128],
]);

/** What is wrong, and where in bytes. */
export class Refusal extends Error {
  /** @param {string} code @param {number} offset @param {string} message */
  constructor(code, offset, message) {
    super(`byte ${offset}: ${message}`);
    this.code = code;
    this.offset = offset;
  }
}

/** @param {string} code @param {number} offset @param {string} message @returns {never} */
function refuse(code, offset, message) {
  throw new Refusal(code, offset, message);
}

/**
 * `domain[:port]/path[:tag]@digest`.
 *
 * @param {string} text
 */
export function parsePlain(text) {
  checkCharacters(text);
  checkFront(text);
  const slash = text.indexOf("/");
  const registry = slash < 0 ? text : text.slice(0, slash);
  if (slash < 0 || !isExplicit(registry)) refuse("registry-missing", 0, "there is no registry");
  checkDomain(registry, 0);
  const begin = slash + 1;
  const end = endOf(text, begin);
  const domain = canonicalDomain(registry);
  const repository = canonicalPath(text.slice(begin, end), domain, begin);
  let at = end;
  /** @type {string | undefined} */
  let tag;
  if (text[at] === ":") {
    const sign = text.indexOf("@", at);
    const tagEnd = sign < 0 ? text.length : sign;
    tag = text.slice(at + 1, tagEnd);
    if (tag.length > longestTag || !/^\w[\w.-]*$/.test(tag))
      refuse("tag-invalid", at + 1, "the tag is invalid");
    at = tagEnd;
  }
  if (text[at] !== "@") refuse("digest-missing", at, "there is no digest");
  const digest = text.slice(at + 1);
  checkDigest(digest, at + 1);
  return { registry: domain, repository, tag, digest, canonical: `${domain}/${repository}@${digest}` };
}

/** @param {string} text */
function checkCharacters(text) {
  if (text === "") refuse("empty-reference", 0, "there is nothing");
  const wrong = text.search(/[^!-$&-~]/);
  if (wrong < 0) return;
  const found = text.codePointAt(wrong) ?? 0;
  const offset = new TextEncoder().encode(text.slice(0, wrong)).length;
  const character = String.fromCodePoint(found);
  if (character === "%") refuse("percent-sign", offset, "a percent sign");
  if (/[\s\u0085]/.test(character) && found !== 0xfeff) refuse("white-space", offset, "white space");
  if (found < 0x20 || (found >= 0x7f && found < 0xa0))
    refuse("control-character", offset, "a control character");
  refuse("not-ascii", offset, "not ASCII");
}

/** @param {string} text */
function checkFront(text) {
  if (text.includes("://")) refuse("scheme", 0, "a scheme");
  const sign = text.indexOf("@");
  if (sign < 0) return;
  const after = text.slice(sign + 1);
  if (after.includes("/") && !hexLength.has(after.split(":", 1)[0] ?? ""))
    refuse("user-info", 0, "user information");
  if (after.includes("/") && !after.includes(":")) refuse("user-info", 0, "user information");
}

/** @param {string} component */
function isExplicit(component) {
  return component.includes(".") || component.includes(":") || component.toLowerCase() === "localhost";
}

/** @param {string} domain @param {number} offset */
export function checkDomain(domain, offset) {
  const bracket = domain.startsWith("[") ? domain.indexOf("]") : -1;
  const colon = domain.startsWith("[") ? (bracket < 0 ? domain.length : bracket + 1) : endOfHost(domain);
  const host = domain.slice(0, colon);
  const rest = domain.slice(colon);
  if (rest && !rest.startsWith(":"))
    refuse("registry-invalid", offset + colon, "something after the address");
  if (host.startsWith("[")) checkIpv6(host, offset);
  else checkName(host, offset);
  if (rest && !/^(0|[1-9]\d{0,4})$/.test(rest.slice(1)))
    refuse("port-invalid", offset + colon + 1, "the port");
  const port = Number(rest.slice(1));
  if (rest && (port < 1 || port > 65535)) refuse("port-invalid", offset + colon + 1, "the port");
}

/** @param {string} domain */
function endOfHost(domain) {
  const colon = domain.indexOf(":");
  return colon < 0 ? domain.length : colon;
}

/** @param {string} name @param {number} offset */
function checkName(name, offset) {
  if (name.length > longestName) refuse("registry-invalid", offset, "too long");
  let at = offset;
  for (const label of name.split(".")) {
    if (label === "" || label.length > longestLabel) refuse("registry-invalid", at, "a label");
    const wrong = label.search(/[^A-Za-z0-9-]/);
    if (wrong >= 0) refuse("registry-invalid", at + wrong, "a character");
    if (label.startsWith("-") || label.endsWith("-")) refuse("registry-invalid", at, "a dash");
    at += label.length + 1;
  }
  const last = name.slice(name.lastIndexOf(".") + 1);
  if (/^(\d*|0[xX][0-9a-fA-F]*)$/.test(last) && !isIpv4(name))
    refuse("registry-invalid", offset, "an IPv4 address");
}

/** @param {string} host */
function isIpv4(host) {
  const parts = host.split(".");
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
}

/** @param {string} host @param {number} offset */
function checkIpv6(host, offset) {
  if (!host.endsWith("]")) refuse("registry-invalid", offset + 1, "an open bracket");
  const address = host.slice(1, -1);
  const [before = "", after, ...more] = splitOnce(address, "::");
  const first = groups(before);
  const second = after === undefined ? 0 : groups(after);
  const isRight = after === undefined ? first === 8 : first + second <= 7;
  if (more.length > 0 || !isRight) refuse("registry-invalid", offset + 1, "an IPv6 address");
}

/** @param {string} text @param {string} separator */
function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** @param {string} text */
function groups(text) {
  if (text === "") return 0;
  const all = text.split(":");
  return all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) ? all.length : Number.NaN;
}

/** @param {string} text @param {number} begin */
function endOf(text, begin) {
  for (let at = begin; at < text.length; at += 1) {
    const character = text[at];
    if (character === ":" || character === "@") return at;
  }
  return text.length;
}

/** @param {string} registry */
export function canonicalDomain(registry) {
  const domain = registry.toLowerCase();
  return domain === "index.docker.io" || domain === "registry-1.docker.io" ? "docker.io" : domain;
}

/** @param {string} path @param {string} domain @param {number} offset */
function canonicalPath(path, domain, offset) {
  checkPath(path, offset);
  const repository = domain === "docker.io" && !path.includes("/") ? `library/${path}` : path;
  if (repository.length > longestPath) refuse("repository-too-long", offset, "too long");
  return repository;
}

/** @param {string} path @param {number} offset */
function checkPath(path, offset) {
  let at = offset;
  for (const component of path.split("/")) {
    if (component === "") refuse("repository-missing", at, "an empty component");
    const wrong = component.search(/[^a-z0-9._-]/);
    if (wrong >= 0) {
      const isUpper = /[A-Z]/.test(component[wrong] ?? "");
      refuse(isUpper ? "repository-uppercase" : "repository-invalid", at + wrong, "a character");
    }
    const right = /^(?:[a-z0-9]+(?:(?:\.|__?|-+)(?=[a-z0-9]))?)*/.exec(component)?.[0].length ?? 0;
    if (right < component.length) refuse("repository-invalid", at + right, "a separator");
    at += component.length + 1;
  }
}

/** @param {string} digest @param {number} offset */
function checkDigest(digest, offset) {
  const colon = digest.indexOf(":");
  const length = colon < 0 ? undefined : hexLength.get(digest.slice(0, colon));
  if (length === undefined) refuse("digest-algorithm", offset, "an unknown algorithm");
  const hex = digest.slice(colon + 1);
  const at = offset + colon + 1;
  const wrong = hex.search(/[^0-9a-f]/);
  if (wrong >= 0) {
    const isUpper = /[A-F]/.test(hex[wrong] ?? "");
    refuse(isUpper ? "digest-uppercase" : "digest-invalid", at + wrong, "a character");
  }
  if (hex.length !== length) refuse("digest-length", at, "its length");
}
