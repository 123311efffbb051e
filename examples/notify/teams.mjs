// Microsoft Teams, by a workflow "Post to a channel when a webhook request is received":
// ocisign watch --exec -- node teams.mjs
// TEAMS_WEBHOOK_URL is the workflow's address, which is a secret.
import { addressFrom, post, readable, readEvent } from "./common.mjs";

/** Cards replace {{DATE(…)}} by a date. A TextRun, other than a TextBlock, knows no Markdown. */
const run = (text, more) => ({ type: "TextRun", text: text.replaceAll("{{", "{ {"), ...more });
const paragraph = (...inlines) => ({ type: "RichTextBlock", inlines });

const url = addressFrom("TEAMS_WEBHOOK_URL");
const { heading, rows, link } = readable(await readEvent());

const card = {
  $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
  type: "AdaptiveCard",
  version: "1.4",
  body: [
    paragraph(run(heading, { size: "Medium", weight: "Bolder" })),
    ...rows.map(([name, value]) => paragraph(run(`${name}: `, { weight: "Bolder" }), run(value))),
  ],
  actions: link ? [{ type: "Action.OpenUrl", title: "Open the request", url: link }] : [],
};
const contentType = "application/vnd.microsoft.card.adaptive";

await post(
  url,
  JSON.stringify({ type: "message", attachments: [{ contentType, contentUrl: null, content: card }] }),
);
