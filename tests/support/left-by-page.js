// All that a page leaves where somebody else can read it: in the browser's stores, in the address and the history, in the
// document with its shadow trees, in its events, on the console, and in what it asked for.

/** @typedef {import("playwright-core").BrowserContext} Context @typedef {import("playwright-core").Page} Page */

/**
 * Watches every page of a person from now on. `allowed` notes where an `Authorization` header went.
 *
 * @param {Context} context
 */
export async function watched(context) {
  /** @type {string[]} */
  const said = [];
  /** @type {string[]} */
  const asked = [];
  /** @type {{ origin: string, authorization: string }[]} */
  const authorized = [];
  context.on("request", (request) => {
    const { authorization, ...rest } = request.headers();
    asked.push(`${request.method()} ${request.url()} ${JSON.stringify(rest)} ${request.postData() ?? ""}`);
    if (authorization) authorized.push({ origin: new URL(request.url()).origin, authorization });
  });
  context.on("console", (message) => said.push(`${message.text()} ${message.location().url}`));
  context.on("weberror", (error) => said.push(String(error.error().stack)));
  await context.addInitScript(noteEvents);
  return {
    said,
    asked,
    authorized,
    forget() {
      for (const list of [said, asked, authorized]) list.length = 0;
    },
  };
}

/** Keeps what the elements tell whoever has them on a page. Runs in the page. */
function noteEvents() {
  globalThis.noted = [];
  const { dispatchEvent } = EventTarget.prototype;
  EventTarget.prototype.dispatchEvent = function (event) {
    const { type, detail } = /** @type {CustomEvent} */ (event);
    if (type.startsWith("ocisign-"))
      globalThis.noted.push({ by: /** @type {any} */ (this).localName, type, detail });
    return dispatchEvent.call(this, event);
  };
}

/**
 * What it left until now: in the stores, and where it is shown.
 *
 * @param {Page} page @returns {Promise<{ stored: string, shown: string }>}
 */
export async function leftBy(page) {
  const kept = await page.context().storageState({ indexedDB: true });
  const { stored, shown } = await page.evaluate(inThePage);
  return { stored: `${JSON.stringify(kept)}\n${stored}`, shown };
}

/** Runs in the page. */
async function inThePage() {
  /** @param {ParentNode} root @returns {any[]} */
  const all = (root) =>
    [...root.querySelectorAll("*")].flatMap((it) => [it, ...(it.shadowRoot ? all(it.shadowRoot) : [])]);
  const elements = all(document);
  const drawn = elements.flatMap(({ shadowRoot }) => (shadowRoot ? [shadowRoot.innerHTML] : []));
  const texts = elements.map((it) => (it.shadowRoot ?? it).textContent);
  // What a person typed into a field for a password stays there until it is used.
  const fields = elements.flatMap((it) => (it.type === "password" ? [] : [String(it.value ?? "")]));
  const cached = await Promise.all(
    (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
  );
  const visits = globalThis.navigation.entries().map((/** @type {any} */ it) => [it.url, it.getState()]);

  /** Every field of what an element told, with errors' own. @param {any} value @param {Set<unknown>} seen @returns {string} */
  const told = (value, seen = new Set()) => {
    if (value === null || typeof value !== "object") return String(value);
    if (seen.has(value) || value instanceof Node || value === globalThis) return "";
    seen.add(value);
    return Reflect.ownKeys(value)
      .map((key) => `${String(key)} ${told(value[key], seen)}`)
      .join(" ");
  };
  const details = globalThis.noted.map((/** @type {any} */ it) => told(it));
  const stored = [
    { ...localStorage, ...sessionStorage },
    [document.cookie, history.state, window.name],
    cached.flat().map(({ url }) => url),
  ];
  const address = [location.href, document.title, JSON.stringify(visits)];
  const { outerHTML } = document.documentElement;
  const shown = [...address, outerHTML, ...drawn, ...texts, ...fields, ...details].join("\n");
  return { stored: JSON.stringify(stored), shown };
}
