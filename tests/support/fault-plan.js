// What goes wrong in a run, and when: all of it from one seed, so that the same seed gives the same plan.
import { randomNumbers } from "./random.js";

/** Of all requests, or of all connections. */
const share = 0.1;

/**
 * @typedef {object} Kill
 * @property {number} posts of all starts together, before which the client lives on
 * @property {number} requests of this start, before which it lives on
 * @property {"nothing" | "half a record" | "half of the last outcome"} torn what is torn of the journal before the next start
 * @property {number} at where, as a part of the record, from 0 to 1
 *
 * @typedef {object} PlannedRule
 * @property {number} acts on this part of all requests
 * @property {{ probability: number }} match for which part it is drawn
 * @property {object} fault
 *
 * @typedef {object} Plan
 * @property {number} seed
 * @property {number} sandboxSeed
 * @property {number} proxySeed
 * @property {PlannedRule[]} rules of the sandbox, in their order
 * @property {import("./toxiproxy.js").Toxic[]} toxics of the client's ways
 * @property {import("./toxiproxy.js").Toxic[]} signerToxics of the signer's way to the registry
 * @property {Kill[]} kills of the client that signs
 * @property {number[]} approverKills after so many approvals, the client that approves is killed
 */

/** @param {number} seed @param {{ signings: number, kills: number }} size @returns {Plan} */
export function faultPlan(seed, { signings, kills }) {
  const random = randomNumbers(seed);
  const between = (/** @type {number} */ least, /** @type {number} */ most) =>
    least + random(most - least + 1);
  return {
    seed,
    sandboxSeed: random(2 ** 31),
    proxySeed: between(1, 2 ** 31),
    rules: [...shuffled(requestFaults(between), random), ...partFaults()],
    ...bothToxics(between),
    kills: killsOf(kills, signings, between),
    approverKills: approverKillsOf(kills, signings, between),
  };
}

/** @typedef {(least: number, most: number) => number} Between */

/**
 * Of the service's replies: each form of each kind is drawn for a tenth of all requests, whatever else is.
 *
 * @param {Between} between @returns {PlannedRule[]}
 */
function requestFaults(between) {
  const endings = [
    { status: 429, headers: { "Retry-After": "1" } },
    { status: 502, html: true },
    { status: 502, html: true, takesEffect: true },
    { status: 503 },
    { reset: "before" },
    { reset: "after" },
    { expiredToken: true },
    { unknownStatus: between(1_000, 2_000) },
  ];
  // A request ends in one way: where several are drawn for it, one of them acts.
  const acts = (1 - (1 - share) ** endings.length) / endings.length;
  const late = { latencyMs: between(20, 300), slowBody: between(2_000, 20_000) };
  const cut = { cutBody: between(0, 200) };
  const resets = endings.filter((fault) => "reset" in fault).length;
  return [
    ...endings.map((fault) => planned(fault, acts)),
    planned(late, share),
    // What is reset has no body to cut.
    planned(cut, share * (1 - resets * acts)),
  ];
}

/** @param {object} fault @param {number} acts @returns {PlannedRule} */
function planned(fault, acts) {
  return { acts, match: { probability: share }, fault };
}

/**
 * Of the parts inside, those after which the signer tries again. A registry that is down is none: the sandbox then says
 * that the request has failed.
 *
 * @returns {Plan["rules"]}
 */
function partFaults() {
  // Each is the only rule of its part.
  const faults = [{ hsm: "busy" }, { disk: "full" }];
  return faults.map((fault) => planned(fault, share));
}

/** @param {Between} between */
function bothToxics(between) {
  const all = toxics(between);
  // The sandbox says that a request has failed when the connection to its registry is lost, and does not try again.
  const cuts = ["reset_peer", "limit_data", "timeout"];
  return { toxics: all, signerToxics: all.filter(({ type }) => !cuts.includes(type)) };
}

/** Of connections. No reply is late by more than four seconds. @param {Between} between @returns {Plan["toxics"]} */
function toxics(between) {
  /** @type {Pick<import("./toxiproxy.js").Toxic, "type" | "stream" | "attributes">[]} */
  const all = [
    {
      type: "latency",
      stream: "upstream",
      attributes: { latency: between(10, 100), jitter: between(1, 50) },
    },
    { type: "latency", stream: "downstream", attributes: { latency: between(10, 200), jitter: 50 } },
    { type: "bandwidth", stream: "downstream", attributes: { rate: between(20, 100) } },
    {
      type: "slicer",
      stream: "downstream",
      attributes: { average_size: 200, size_variation: 100, delay: 500 },
    },
    { type: "slow_close", stream: "downstream", attributes: { delay: between(50, 500) } },
    { type: "reset_peer", stream: "downstream", attributes: { timeout: between(100, 1_000) } },
    { type: "limit_data", stream: "downstream", attributes: { bytes: between(500, 20_000) } },
    { type: "timeout", stream: "downstream", attributes: { timeout: between(500, 3_000) } },
  ];
  return all.map((toxic) => ({ ...toxic, toxicity: share }));
}

/** @param {number} kills @param {number} signings @param {Between} between @returns {Kill[]} */
function killsOf(kills, signings, between) {
  const moments = Array.from({ length: kills }, () => between(0, signings - 1)).sort((a, b) => a - b);
  return moments.map((posts) => {
    const torn = /** @type {const} */ (["nothing", "half a record", "half of the last outcome"])[
      between(0, 2)
    ];
    return { posts, requests: between(1, 20), torn: torn ?? "nothing", at: between(0, 999) / 1_000 };
  });
}

/** One for each five of the other client. @param {number} kills @param {number} signings @param {Between} between */
function approverKillsOf(kills, signings, between) {
  const moments = Array.from({ length: Math.ceil(kills / 5) }, () => between(1, Math.ceil(signings * 0.8)));
  return moments.sort((a, b) => a - b);
}

/** @template T @param {T[]} list @param {(limit: number) => number} random */
function shuffled(list, random) {
  const result = [...list];
  for (let at = result.length - 1; at > 0; at -= 1) {
    const other = random(at + 1);
    [result[at], result[other]] = [/** @type {T} */ (result[other]), /** @type {T} */ (result[at])];
  }
  return result;
}
