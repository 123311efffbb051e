// Breaks instances of the module, and looks at what calls come to: in Node, in pages and in workers. It imports nothing, so
// that a browser can load it as it is.

/** Which call into the module traps next: the number of calls until then, and whether it has done its work before. */
export const trap = { after: Number.POSITIVE_INFINITY, late: false };
/** What was made until now: how many instances, and what the last one exports, as the engine made it. */
export const instances = { made: 0, exported: /** @type {any} */ (undefined) };

/** From now on, each instance traps when `trap` says so. */
export function trapInstances() {
  const { Instance } = WebAssembly;
  /** @param {(...given: unknown[]) => unknown} act */
  const trapping =
    (act) =>
    (/** @type {unknown[]} */ ...given) => {
      if (trap.after-- !== 0) return act(...given);
      // A trap in the middle leaves behind what was done until then.
      if (trap.late) act(...given);
      throw new WebAssembly.RuntimeError("unreachable");
    };
  WebAssembly.Instance = /** @type {any} */ (
    class {
      /** @param {WebAssembly.Module} module @param {WebAssembly.Imports} imports */
      constructor(module, imports) {
        instances.made += 1;
        instances.exported = new Instance(module, imports).exports;
        const entries = Object.entries(instances.exported).map(([name, it]) => [
          name,
          typeof it === "function" ? trapping(it) : it,
        ]);
        /** @type {any} */ (this).exports = Object.fromEntries(entries);
      }
    }
  );
  // Pages have their first instance from here.
  WebAssembly.instantiate = /** @type {any} */ (
    async (/** @type {WebAssembly.Module} */ module, /** @type {WebAssembly.Imports} */ imports) =>
      new WebAssembly.Instance(module, imports)
  );
}

export const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
export const product = {
  ...{ id: "p", name: "P", enabled: true },
  productOperations: [{ id: "o", name: "sign", operationType: "SignOCI" }],
  productConfigItems: [{ name: "RegistryURL", value: "registry.example" }],
};

/** Calls and refusals. @param {any} ocisign @returns {Record<string, () => unknown>} */
export const callsOf = (ocisign) => ({
  reference: () => ocisign.parseReference(image),
  "another reference": () => ocisign.parseReference(`localhost:5000/b:1@sha256:${"ab".repeat(32)}`),
  refusal: () => ocisign.parseReference("a b"),
  list: () => ocisign.scanReferences(`${image}\na b\n`),
  request: () => ocisign.buildSigningRequest({ product, artifact: image }),
  registry: () => ocisign.checkRegistry("other.example/a@sha256:12", product),
  url: () => ocisign.checkUrl("ftp://a.example", "it"),
  uri: () => ocisign.decodeArtifactUri(ocisign.encodeArtifactUri(image)),
  payload: () => ocisign.simpleSigningPayload(image),
});

/** What a call comes to, as text. @param {() => unknown} call */
export function outcomeOf(call) {
  try {
    return JSON.stringify(call()) ?? "nothing";
  } catch (error) {
    const { name, code, message } = /** @type {any} */ (error);
    return `${name} ${code} ${message}`;
  }
}

/**
 * What a call comes to that broke off: by our name, or by the engine's for a stack that is full. What has no JSON form for
 * want of stack is told as such.
 */
export const saysBroken =
  /^(OcisignError module-broken A call into the WebAssembly module broke off\.|RangeError undefined Maximum call stack|InternalError undefined too much recursion|OcisignError bad-input .* has no JSON form)/;

/**
 * Has each call trap at each step, and its stack run full at many depths. It tells how often a call broke off, how many
 * instances that took, and each outcome that is neither right nor says what happened.
 *
 * @param {any} ocisign the package, whose instances trap
 */
export function breakAll(ocisign) {
  const calls = callsOf(ocisign);
  const right = Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, outcomeOf(call)]));
  const report = { trapped: 0, overflowed: 0, made: instances.made, wrong: /** @type {string[]} */ ([]) };
  /** @param {string} name @param {string} outcome @param {"trapped" | "overflowed"} how */
  const note = (name, outcome, how) => {
    if (outcome === right[name]) return;
    if (saysBroken.test(outcome)) report[how] += 1;
    else report.wrong.push(`${name}, ${how}: ${outcome.slice(0, 200)}`);
  };
  const checkAll = (/** @type {string} */ what) => {
    for (const [name, call] of Object.entries(calls)) {
      const outcome = outcomeOf(call);
      if (outcome !== right[name]) report.wrong.push(`${name} after ${what}: ${outcome.slice(0, 200)}`);
    }
  };

  for (const [name, call] of Object.entries(calls)) {
    for (const late of [false, true]) {
      for (let after = 0, isTrapped = true; isTrapped && after < 40; after++) {
        Object.assign(trap, { after, late });
        note(name, outcomeOf(call), "trapped");
        isTrapped = trap.after < 0;
        trap.after = Number.POSITIVE_INFINITY;
        checkAll(`a trap in ${name}`);
      }
    }
    for (let turn = 0; turn < 24; turn++) {
      let isDone = false;
      // Down until the stack is full; on the way up, calls until one has room. Each time they begin at another place.
      const down = (/** @type {number} */ level) => {
        try {
          down(level + 1);
        } catch {
          // The stack is full.
        }
        if (isDone || level % 8 !== turn % 8) return;
        const outcome = outcomeOf(call);
        isDone = outcome === right[name];
        note(name, outcome, "overflowed");
      };
      down(0);
      checkAll(`a full stack in ${name}`);
    }
  }

  // What is nested as deep as nobody's stack is.
  let nested = /** @type {any} */ ({});
  for (let depth = 0; depth < 100_000; depth++) nested = { productOperations: [nested] };
  for (const call of [
    () => ocisign.buildSigningRequest({ product: nested, artifact: image }),
    () => ocisign.buildSigningRequest({ product: { ...product, more: nested }, artifact: image }),
    () => ocisign.checkRegistry(image, nested),
    () => ocisign.publicKey(nested),
    () => ocisign.decodeArtifactUri(nested),
    () => ocisign.parseReference("[".repeat(1_000_000)),
  ]) {
    const outcome = outcomeOf(call);
    const isSaid = /^(OcisignError|RangeError|InternalError) /.test(outcome) || outcome === right.request;
    if (!isSaid) report.wrong.push(`${call}: ${outcome.slice(0, 200)}`);
    checkAll(`${call}`);
  }
  return { ...report, made: instances.made - report.made };
}
