// examples/notify: what each recipe sends for an event, to a real server or a real sendmail; and that no name of a
// request becomes a command, a link or a header there.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { isGenuine } from "../../examples/notify/receive.mjs";
import { root } from "../support/examples.js";
import { listening } from "../support/listening.js";
import { eventsIn, requester, signedAs, watchedService } from "../support/watched-service.js";

const recipes = join(root, "examples", "notify");
const secret = "a secret of the receiver";

/** @type {{ headers: import("node:http").IncomingHttpHeaders, url: string, body: string }[]} */
let posted = [];
/** What the server answers, one after the other; then 200. @type {(number | "hang up")[]} */
let answers = [];
/** @type {{ port: number, close: () => void }} */
let server;

before(async () => {
  const receiver = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    posted.push({ headers: request.headers, url: request.url ?? "", body });
    const answer = answers.shift() ?? 200;
    if (answer === "hang up") return void request.socket.destroy();
    const location = answer === 302 ? { location: "/elsewhere" } : {};
    response.writeHead(answer, location).end("ok");
  });
  server = await listening(receiver);
});
after(() => server?.close());

const hostile = {
  name: "<!channel> *bold* [x](https://evil.example) {{DATE(2020-01-01T00:00:00Z)}} & \u202eevil",
  description: "one\r\nBcc: everybody@example.com\r\n\r\n.\r\nQUIT",
  requester: { name: "=?utf-8?Q?Boss?=\nTo: other@example.com\u200b", objectId: requester.objectId },
};

/**
 * Runs a recipe for one request.
 *
 * @param {import("node:test").TestContext} t @param {string} recipe @param {object} [changes] of the request
 * @param {Record<string, string>} [env]
 */
async function notified(t, recipe, changes = {}, env = {}) {
  const at = await watchedService(t);
  for (const file of readdirSync(recipes)) copyFileSync(join(recipes, file), join(at.folder, file));
  at.file("sendmail", '#!/bin/sh\necho "$@" > mail-args\ncat > mail\n', 0o700);
  at.add(1, changes);
  posted = [];
  const url = `http://127.0.0.1:${server.port}/hooks/secret-path?sig=secret-query`;
  const done = await at.ocisign(
    [
      ...["watch", "--json", "--once", "--since", "2000-01-01", "--page", "https://portal.example/"],
      ...["--exec", "--", "node", recipe],
    ],
    {
      env: {
        ...{ WEBHOOK_URL: url, WEBHOOK_SECRET: secret, SLACK_WEBHOOK_URL: url, TEAMS_WEBHOOK_URL: url },
        ...{
          MAIL_TO: "team@example.com",
          MAIL_FROM: "ocisign@example.com",
          SENDMAIL: join(at.folder, "sendmail"),
        },
        ...env,
      },
    },
  );
  assert.doesNotMatch(done.stderr, /secret-path|secret-query|a secret of/);
  return { ...done, at, event: eventsIn(done)[0] };
}

const link = "https://portal.example/#/requests/request-1";

/** The one body that was posted. @returns {any} */
function sent() {
  assert.equal(posted.length, 1);
  return JSON.parse(posted[0]?.body ?? "");
}

test("webhook: the event as it is, signed with the time", async (t) => {
  const { code, stderr, event } = await notified(t, "webhook.mjs", hostile);
  assert.equal(code, 0, stderr);
  assert.deepEqual(sent(), event);
  const { headers, body } = posted[0] ?? assert.fail();
  const time = String(headers["x-ocisign-time"]);
  const expected = `sha256=${createHmac("sha256", secret).update(`${time}.${body}`).digest("hex")}`;
  assert.equal(headers["x-ocisign-signature"], expected);
  const call = { time, signature: expected, body };
  const sentAt = Number(time) * 1000;
  assert.ok(isGenuine(call, secret, sentAt));
  for (const [other, key, now] of /** @type {const} */ ([
    [{ ...call, body: `${body} ` }, secret, sentAt],
    [{ ...call, time: String(Number(time) + 1) }, secret, sentAt],
    [{ ...call, signature: undefined }, secret, sentAt],
    [{ ...call, time: undefined }, secret, sentAt],
    [call, `${secret}x`, sentAt],
    [call, secret, sentAt + 301_000],
    [call, secret, sentAt - 301_000],
  ])) {
    assert.ok(!isGenuine(other, key, now));
  }
});

test("Slack: Block Kit with a button to the request, and no command of a name", async (t) => {
  const { code, stderr } = await notified(t, "slack.mjs", hostile);
  assert.equal(code, 0, stderr);
  const { text, blocks } = sent();
  assert.equal(text, `A signing request needs a review: ${signedAs(1)}`);
  const texts = [...JSON.stringify(blocks).matchAll(/"type":"(\w+)","text":"((?:[^"\\]|\\.)*)"/g)];
  assert.ok(texts.length > 6);
  for (const [, type, shown = ""] of texts) {
    assert.equal(type, "plain_text");
    assert.doesNotMatch(shown, /[<>]|&(?!(amp|lt|gt);)|\\n|\u202e|\u200b/);
    assert.ok(shown.length <= 2000);
  }
  const [, section, actions] = blocks;
  assert.ok(section.fields.length <= 10);
  assert.ok(section.fields.some(({ text }) => text.startsWith("Name: &lt;!channel&gt; *bold* ")));
  assert.equal(actions.elements[0].url, link);
});

test("Teams: an Adaptive Card with a link, where nothing of a name is Markdown or a function", async (t) => {
  const { code, stderr } = await notified(t, "teams.mjs", hostile);
  assert.equal(code, 0, stderr);
  const message = sent();
  assert.equal(message.type, "message");
  const [{ contentType, content }] = message.attachments;
  assert.equal(contentType, "application/vnd.microsoft.card.adaptive");
  assert.deepEqual([content.type, content.version], ["AdaptiveCard", "1.4"]);
  assert.deepEqual(content.actions, [{ type: "Action.OpenUrl", title: "Open the request", url: link }]);
  const all = JSON.stringify(content);
  // A TextBlock or a FactSet would read Markdown.
  assert.doesNotMatch(all, /"TextBlock"|FactSet|\{\{|\u202e|\u200b/);
  assert.match(all, /"text":"<!channel> \*bold\* \[x\]\(https:\/\/evil\.example\) \{ \{DATE/);
});

/** A mail's headers, unfolded and decoded, and its text. @param {string} mail */
function readMail(mail) {
  const [head = "", body = ""] = mail.split(/\n\n([\s\S]*)/);
  const lines = head.replace(/\n /g, " ").split("\n");
  const decoded = (/** @type {string} */ text) =>
    text
      .replace(/\?= =\?/g, "?==?")
      .replace(/=\?utf-8\?B\?([^?]*)\?=/g, (_, word) => Buffer.from(word, "base64").toString());
  const headers = lines.map((line) => /** @type {[string, string]} */ (line.split(/: (.*)/).slice(0, 2)));
  return {
    names: headers.map(([name]) => name),
    subject: decoded(headers.find(([name]) => name === "Subject")?.[1] ?? ""),
    text: Buffer.from(body, "base64").toString(),
  };
}

test("mail: one recipient, no header of a name, and a link", async (t) => {
  const { code, stderr, at } = await notified(t, "mail.mjs", hostile);
  assert.equal(code, 0, stderr);
  assert.equal(readFileSync(join(at.folder, "mail-args"), "utf8"), "-t -i\n");
  const mail = readFileSync(join(at.folder, "mail"), "utf8");
  const { names, subject, text } = readMail(mail);
  assert.deepEqual(names, [
    ...["From", "To", "Subject", "Date", "Auto-Submitted", "MIME-Version", "Content-Type"],
    "Content-Transfer-Encoding",
  ]);
  assert.equal(subject, `A signing request needs a review: ${signedAs(1)}`);
  for (const line of mail.split("\n")) assert.ok(line.length <= 78, line);
  assert.ok(text.includes(`\r\n${link}`));
  assert.match(text, /^Why: one Bcc: everybody@example\.com \. QUIT\r$/m);
  assert.doesNotMatch(text, /\u202e|\u200b/);
});

test("mail: an image that cannot be read cannot write a header either", async (t) => {
  const artifactURI = Buffer.from("x\nBcc: all@example.com").toString("base64");
  const { code, stderr, at } = await notified(t, "mail.mjs", {
    payload: { name: "", metadata: [], optionalParameters: [{ artifactURI }] },
  });
  assert.equal(code, 0, stderr);
  assert.match(readMail(readFileSync(join(at.folder, "mail"), "utf8")).subject, /: cannot be read$/);
});

for (const recipe of ["webhook.mjs", "slack.mjs", "teams.mjs"]) {
  test(`${recipe}: what passes is tried again, what does not is told, and no redirect is followed`, async (t) => {
    answers = [503, "hang up"];
    const patient = await notified(t, recipe);
    assert.equal(patient.code, 0, patient.stderr);
    assert.equal(posted.length, 3);
    for (const [answer, posts] of /** @type {const} */ ([
      [400, 1],
      [302, 1],
    ])) {
      answers = [answer];
      const { code, stderr } = await notified(t, recipe);
      assert.equal(code, 1);
      assert.match(stderr, new RegExp(`HTTP ${answer}`));
      assert.equal(posted.length, posts);
    }
    answers = [500, 502, 503];
    assert.equal((await notified(t, recipe)).code, 1);
    answers = [];
  });
}

test("settings that are missing or wrong are named, without their value", async (t) => {
  for (const [recipe, env, said] of /** @type {[string, Record<string, string>, RegExp][]} */ ([
    ["webhook.mjs", { WEBHOOK_SECRET: "short" }, /WEBHOOK_SECRET/],
    [
      "webhook.mjs",
      { WEBHOOK_URL: "http://hooks.example/secret-path" },
      /WEBHOOK_URL does not begin with https/,
    ],
    ["slack.mjs", { SLACK_WEBHOOK_URL: "" }, /SLACK_WEBHOOK_URL is not set/],
    ["teams.mjs", { TEAMS_WEBHOOK_URL: "x" }, /TEAMS_WEBHOOK_URL is not set to a URL/],
    ["mail.mjs", { MAIL_TO: "a@example.com, b@example.com" }, /MAIL_TO is not a mail address/],
    ["mail.mjs", { MAIL_FROM: "a@example.com\nBcc: b@example.com" }, /MAIL_FROM is not/],
    ["mail.mjs", { SENDMAIL: "/nowhere" }, /sendmail cannot be started/],
  ])) {
    const { code, stderr } = await notified(t, recipe, {}, env);
    assert.equal(code, 1, recipe);
    assert.match(stderr, said);
    assert.deepEqual(posted, []);
  }
});
