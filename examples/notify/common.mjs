// What these recipes share: the event that `ocisign watch --exec` hands over, its texts as people may read them, and a
// POST that tries again.

/** The event, from standard input. docs/notify.md describes its fields. */
export async function readEvent() {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
  return JSON.parse(text);
}

const headings = {
  new: "A signing request needs a review",
  changed: "A signing request has changed",
  signed: "An image was signed",
  rejected: "A signing request was rejected",
  failed: "A signature failed",
};

/** What people read: a heading, and rows of a name and a value. Each value is one line that hides nothing. */
export function readable(event) {
  const { requester, product, missingGroups, digest } = event;
  const rows = [
    ["Image", event.reference ?? "cannot be read"],
    ["Digest", digest && `…${digest.slice(-8)}`],
    ["Tag", event.tag],
    ["Name", event.name],
    ["Why", event.description],
    ["Requester", requester?.name],
    ["Product", product?.name ?? product?.id],
    ["State", event.state],
    ["Reason", event.reason],
    ["Missing", missingGroups?.map(({ id, name }) => name ?? id).join(", ")],
  ];
  const shown = rows.filter(([, value]) => value).map(([name, value]) => [name, line(value)]);
  return { heading: headings[event.event] ?? line(event.event), rows: shown, link: event.link };
}

/** On one line, without what hides or turns text, and not too long: a name is what its author wants it to be. */
export function line(text, most = 300) {
  const plain = String(text)
    .toWellFormed()
    .replace(/\s+/gu, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, "\u{fffd}");
  const characters = [...plain.trim()];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : characters.join("");
}

/** An address from the environment. It is a secret: it is never printed. */
export function addressFrom(name) {
  const given = process.env[name];
  if (!given || !URL.canParse(given)) fail(`${name} is not set to a URL.`);
  const url = new URL(given);
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isHere))
    fail(`${name} does not begin with https://.`);
  return url;
}

/** Posts JSON. What passes by itself is tried again, twice; the program that started us gives us 30 seconds. */
export async function post(url, body, headers = {}) {
  for (let tries = 1; ; tries += 1) {
    const [status, retryAfter] = await postOnce(url, body, headers);
    if (status >= 200 && status < 300) return;
    const mayPass = status === 0 || status === 429 || status >= 500;
    if (!mayPass || tries === 3)
      fail(status === 0 ? "There was no answer." : `The answer was HTTP ${status}.`);
    await new Promise((resolve) => setTimeout(resolve, Math.min(retryAfter || tries * 2, 5) * 1000));
  }
}

/** The status, or 0 without an answer; and how many seconds the other side asks for. */
async function postOnce(url, body, headers) {
  try {
    const reply = await fetch(url, {
      ...{ method: "POST", body, headers: { "content-type": "application/json", ...headers } },
      // A secret address does not follow anywhere.
      ...{ redirect: "manual", signal: AbortSignal.timeout(5000) },
    });
    await reply.body?.cancel();
    return [reply.status, Number(reply.headers.get("retry-after"))];
  } catch {
    // Its words may quote the address.
    return [0, 0];
  }
}

/** Ends with a message: `ocisign watch` tells that the program failed. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}
