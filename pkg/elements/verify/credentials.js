/**
 * What was typed to sign in to registries: in memory only, and each for the registry that it was typed for. Another
 * reference must not carry a password to another registry.
 */
export class Credentials {
  /** @type {Map<string, { username: string, password: string }>} */
  #known = new Map();

  /** @param {string} registry */
  of(registry) {
    return this.#known.get(registry) ?? { username: "", password: "" };
  }

  /** @param {string} registry @param {{ username?: string, password?: string }} typed */
  keep(registry, typed) {
    this.#known.set(registry, { ...this.of(registry), ...typed });
  }

  /** As options of a registry; nothing if nothing was typed. @param {string} registry */
  optionsFor(registry) {
    const { username, password } = this.of(registry);
    return username === "" && password === "" ? {} : { username, password };
  }

  forget() {
    this.#known.clear();
  }
}
