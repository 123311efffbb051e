// Our references against distribution/reference's: what both read must be the same, and what only they read falls under one
// of our rules.
import { isIPv4, isIPv6 } from "node:net";
import { OcisignError, parseReference, scanReferences } from "ocisign";
import { madeReference } from "./made-references.js";

/**
 * @typedef {{ domain: string, path: string, tag: string, digest: string, whole: string, familiar?: string }} Theirs
 * @typedef {{ registry: string, repository: string, tag: string, digest: string, canonical: string }} Accepted
 * @typedef {Accepted | { code: string }} Ours
 *
 * @typedef {object} Rule for what only they read
 * @property {string} name
 * @property {string} code of ours
 * @property {string} source where the rule is documented
 * @property {(theirs: Theirs, text: string) => boolean} holds judged by what they read, and not by what we do
 */

const dockerHub = ["docker.io", "index.docker.io", "registry-1.docker.io"];
const grammar = "grammar/src/reference.rs";
const domains = "grammar/src/domain.rs";

/** @type {Rule[]} */
export const rules = [
  {
    name: "a registry is required: with a dot, a colon, or localhost",
    code: "registry-missing",
    source: grammar,
    holds: (_, text) => !/^(?:[^/]*[.:][^/]*|localhost)\//i.test(text),
  },
  {
    name: "what looks like a registry is one: without an underscore, for example",
    code: "registry-invalid",
    source: domains,
    // They take it for a part of the path then, though a registry has to stand there.
    holds: ({ domain }) => domain === "",
  },
  {
    name: "a digest is required",
    code: "digest-missing",
    source: grammar,
    holds: ({ digest }) => digest === "",
  },
  {
    name: "an IPv4 address is four decimal numbers",
    code: "registry-invalid",
    source: domains,
    holds: ({ domain }) => /(?:^|\.)(?:\d+|0x[\da-f]*)$/i.test(hostOf(domain)) && !isIPv4(hostOf(domain)),
  },
  {
    name: "an IPv6 address has eight groups, or :: for some",
    code: "registry-invalid",
    source: domains,
    holds: ({ domain }) => domain.startsWith("[") && !isIPv6(hostOf(domain).slice(1, -1)),
  },
  {
    name: "a label has at most 63 characters",
    code: "registry-invalid",
    source: domains,
    holds: ({ domain }) =>
      hostOf(domain)
        .split(".")
        .some((label) => label.length > 63),
  },
  {
    name: "a name has at most 253 characters",
    code: "registry-invalid",
    source: domains,
    holds: ({ domain }) => hostOf(domain).length > 253,
  },
  {
    name: "a port is 1 to 65535, without a zero in front",
    code: "port-invalid",
    source: domains,
    holds: ({ domain }) => {
      const port = domain.slice(hostOf(domain).length + 1);
      return !/^[1-9]\d*$/.test(port) || Number(port) > 65_535;
    },
  },
  {
    name: "Docker Hub's path has at most 255 characters with library/, by each of its names",
    code: "repository-too-long",
    source: grammar,
    holds: ({ domain, path }) =>
      isDockerHub(domain) && !path.includes("/") && path.length + "library/".length > 255,
  },
];

/** @type {import("./compare.js").Subject<string, Ours>} */
export const references = {
  name: "reference",
  make,
  question: bytesOf,
  shown: (text) => JSON.stringify(text),
  ours: readAll,
  judge,
};

/** Now and then what is canonical by ours, so that the others read that, too. @param {import("./made-references.js").Random} random */
function make(random) {
  const text = madeReference(random);
  const ours = random(16) ? undefined : read(text);
  return ours === undefined || "code" in ours ? text : ours.canonical;
}

/** As Go has a text: half a surrogate pair is no character in UTF-8, and stays what it is there. @param {string} text */
function bytesOf(text) {
  const halves = /(\p{Surrogate})/u;
  if (!halves.test(text)) return Buffer.from(text);
  const parts = text.split(halves).map((part) => {
    const unit = part.charCodeAt(0);
    const isHalf = halves.test(part);
    return isHalf ? Buffer.from([0xed, 0x80 | ((unit >> 6) & 63), 0x80 | (unit & 63)]) : Buffer.from(part);
  });
  return Buffer.concat(parts);
}

/** @param {string[]} texts @returns {Ours[]} */
function readAll(texts) {
  const { stackTraceLimit } = Error;
  // Most texts are refused: the stacks of their errors would take a third of the time.
  Error.stackTraceLimit = 0;
  try {
    const all = texts.map(read);
    compareScan(texts, all);
    return all;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** @param {string} text @returns {Ours} */
function read(text) {
  try {
    const { registry, repository, tag = "", digest, canonical } = parseReference(text);
    return { registry, repository, tag, digest, canonical };
  } catch (error) {
    if (!(error instanceof OcisignError)) throw error;
    return { code: error.code };
  }
}

/** A list is read by another walk: it must say the same. @param {string[]} texts @param {Ours[]} all */
function compareScan(texts, all) {
  const lines = texts.map((text) => (/[\r\n]|^[#\ufeff]/.test(text) ? "" : text));
  const { references: found, errors } = scanReferences(lines.join("\n"));
  /** @type {Map<number, string>} */
  const said = new Map();
  for (const { line, canonical } of found) said.set(line, canonical);
  for (const { line, code } of errors) said.set(line, code);
  for (const [index, text] of lines.entries()) {
    const alone = all[index];
    if (text === "" || !alone) continue;
    const expected = "code" in alone ? alone.code : alone.canonical;
    if (said.get(index + 1) !== expected)
      throw new Error(`${JSON.stringify(text)}: in a list ${said.get(index + 1)}, alone ${expected}`);
  }
}

/** @param {string} text @param {Ours} ours @param {string} answer @returns {import("./compare.js").Judgement} */
export function judge(text, ours, answer) {
  const [parsed, normalized] = answer.split("|").map(theirsIn);
  if ("code" in ours) {
    if (!normalized) return { kind: parsed ? "neither, though their grammar alone has it" : "neither" };
    const rule = rules.find(({ code, holds }) => code === ours.code && holds(normalized, text));
    if (rule) return { kind: rule.name };
    return { problem: `ours refuses it (${ours.code}), theirs reads ${JSON.stringify(normalized)}` };
  }
  if (!parsed || !normalized) return { problem: `theirs refuses it, ours reads ${JSON.stringify(ours)}` };
  const { domain, path, tag, digest } = normalized;
  const [isHub, name] = [isDockerHub(domain), domain.toLowerCase()];
  const registry = isHub ? "docker.io" : name;
  const repository = isHub && !path.includes("/") ? `library/${path}` : path;
  const expected = { registry, repository, tag, digest, canonical: `${registry}/${repository}@${digest}` };
  // Their grammar leaves a name as it is written, and has the same behind it.
  const isSame = text === parsed.whole && parsed.tag === tag && parsed.digest === digest;
  const difference = isSame ? differenceOf(expected, ours) : `their grammar reads ${JSON.stringify(parsed)}`;
  if (difference !== undefined) return { problem: difference };
  const again = read(ours.canonical);
  const fixed = differenceOf({ ...expected, tag: "" }, "code" in again ? { code: again.code } : again);
  if (fixed !== undefined) return { problem: `what is canonical is read differently again: ${fixed}` };
  if (isHub && domain !== "docker.io") return { kind: "both: Docker Hub by another of its names" };
  if (name !== domain) return { kind: "both: a domain with capitals" };
  const familiar = familiarOf(ours);
  if (familiar !== normalized.familiar)
    return { problem: `in short theirs is ${normalized.familiar}, ours ${familiar}` };
  return { kind: "both" };
}

/** As docker shows an image. @param {Accepted} ours */
function familiarOf({ registry, repository, tag, digest }) {
  const isHub = registry === "docker.io";
  const name = isHub ? repository.replace(/^library\/([^/]+)$/, "$1") : `${registry}/${repository}`;
  return `${name}${tag && `:${tag}`}@${digest}`;
}

/** @param {string} answer @returns {Theirs | undefined} */
function theirsIn(answer) {
  if (answer === "-") return undefined;
  const [domain = "", path = "", tag = "", digest = "", whole = "", familiar] = answer.split("\t");
  return { domain, path, tag, digest, whole, ...(familiar === undefined ? {} : { familiar }) };
}

/** @param {Accepted} expected @param {object} ours @returns {string | undefined} */
function differenceOf(expected, ours) {
  const [one, other] = [JSON.stringify(expected), JSON.stringify(ours)];
  return one === other ? undefined : `theirs reads ${one}, ours ${other}`;
}

/** @param {string} domain */
function hostOf(domain) {
  return domain.replace(/:\d*$/, "");
}

/** @param {string} domain */
function isDockerHub(domain) {
  return dockerHub.includes(domain.toLowerCase());
}
