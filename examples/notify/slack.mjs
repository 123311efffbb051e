// Slack, by an incoming webhook: ocisign watch --exec -- node slack.mjs
// SLACK_WEBHOOK_URL is the webhook's address, which is a secret.
import { addressFrom, post, readable, readEvent } from "./common.mjs";

/** What Slack reads as commands, such as <!channel>. It does so in every text. */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
/** Plain, so that no * or _ of a name formats anything. */
const plain = (text) => ({ type: "plain_text", text: escaped(text), emoji: false });

const url = addressFrom("SLACK_WEBHOOK_URL");
const { heading, rows, link } = readable(await readEvent());
const button = { type: "button", text: plain("Open the request"), url: link };

const message = {
  // For notifications, and where no blocks are shown.
  text: escaped([heading, ...rows.slice(0, 1).map(([, value]) => value)].join(": ")),
  unfurl_links: false,
  blocks: [
    { type: "header", text: plain(heading) },
    { type: "section", fields: rows.slice(0, 10).map(([name, value]) => plain(`${name}: ${value}`)) },
    ...(link ? [{ type: "actions", elements: [button] }] : []),
  ],
};

await post(url, JSON.stringify(message));
