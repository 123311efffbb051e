// A person with a browser at the issuer of issuer.js, without a browser: follows its redirects with its cookies, clicks
// its links, and sends its forms.

export class Visitor {
  #cookies = new Map();
  /** Every address that was visited. @type {string[]} */
  visited = [];

  /**
   * Signs in, wherever the issuer leads, until it leads nowhere any more.
   *
   * @param {string | URL} start @param {{ as?: string, refuses?: boolean }} who
   */
  async signIn(start, { as = "ada", refuses = false } = {}) {
    let [at, body] = [new URL(start), /** @type {URLSearchParams | undefined} */ (undefined)];
    for (let step = 0; step < 20; step++) {
      const { status, location, text } = await this.#ask(at, body);
      body = undefined;
      const link = this.#linkIn(text, as);
      const form = formIn(text, refuses);
      if (location) at = new URL(location, at);
      else if (link) at = new URL(link, at);
      else if (form) [at, body] = [new URL(form.action, at), form.fields];
      else return { status, text, at };
    }
    throw new Error(`the issuer leads in circles, now to ${at.pathname}`);
  }

  #linkIn(text, as) {
    const links = Array.from(text.matchAll(/href="([^"]+)"/g), ([, href]) => href);
    return links.find((href) => href.endsWith(`as=${as}`) || href.endsWith("agree=yes"));
  }

  async #ask(at, body) {
    this.visited.push(at.href);
    const cookie = [...this.#cookies].map((pair) => pair.join("=")).join("; ");
    const method = body ? "POST" : "GET";
    const reply = await fetch(at, { method, body, redirect: "manual", headers: { cookie } });
    for (const kept of reply.headers.getSetCookie()) {
      const [name, value] = kept.split(";")[0].split("=");
      this.#cookies.set(name, value);
    }
    const text = await reply.text();
    return { status: reply.status, location: reply.headers.get("location"), text };
  }
}

/** The form of the page for device codes. @param {string} text @param {boolean} refuses */
function formIn(text, refuses) {
  const [, action] = text.match(/<form[^>]* action="([^"]+)"/) ?? [];
  if (!action) return undefined;
  const fields = new URLSearchParams();
  for (const [tag] of text.matchAll(/<input[^>]*>/g)) {
    const [, name] = tag.match(/name="([^"]+)"/) ?? [];
    const [, value = ""] = tag.match(/value="([^"]*)"/) ?? [];
    if (name) fields.set(name, value);
  }
  if (fields.get("user_code") && /abort/.test(text)) fields.set(refuses ? "abort" : "confirm", "yes");
  return fields.get("user_code") ? { action, fields } : undefined;
}
