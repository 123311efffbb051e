// Values that no honest caller passes, and that must not bring anything down.

/** A proxy that throws at every touch. @param {object} [target] @returns {any} */
export function throwingProxy(target = {}) {
  const no = () => {
    throw new Error("not for you");
  };
  return new Proxy(target, {
    get: no,
    has: no,
    ownKeys: no,
    getOwnPropertyDescriptor: no,
    getPrototypeOf: no,
  });
}

/** @returns {any} a proxy that was revoked */
export function revokedProxy() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** An object whose fields of these names throw when they are read. @param {...string} names @returns {any} */
export function throwingGetters(...names) {
  const throwing = {
    enumerable: true,
    get() {
      throw new Error("not for you");
    },
  };
  return Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, throwing])));
}

/** @returns {any} an object that contains itself */
export function circular() {
  /** @type {any} */
  const it = {};
  it.itself = it;
  return it;
}

/** Everything that is no object with fields, by name. @returns {[string, any][]} */
export function values() {
  return [
    ["undefined", undefined],
    ["null", null],
    ["true", true],
    ["NaN", Number.NaN],
    ["a number", 7],
    ["a bigint", 7n],
    ["a symbol", Symbol("x")],
    ["a text", "text"],
    ["an empty text", ""],
    ["a function", () => {}],
    ["a list", []],
    ["a map", new Map([["payload", 1]])],
    ["bytes", new Uint8Array(8)],
    ["a promise", Promise.resolve({})],
    ["a date that is none", new Date(Number.NaN)],
    ["an object without a prototype", Object.create(null)],
    ["an object that contains itself", circular()],
    ["a proxy that throws", throwingProxy()],
    ["a proxy that was revoked", revokedProxy()],
    ["an object that has no JSON form", { toJSON: () => throwingProxy().x }],
    ["an object with a bigint", { payload: 1n, productOperations: 1n }],
  ];
}
