// `ocisign signings`: the requests at the service, such as those that wait for approval.

import type { SigningState } from "ocisign";
import { command } from "../command.ts";
import { findProduct } from "../find-product.ts";
import { choice, count, text, wholeNumber } from "../options.ts";
import { artifactText, stateText } from "../request-text.ts";
import { table } from "../shown.ts";
import { explainInList } from "../unexplained.ts";

const states = [
  ...(["new", "waiting", "approved", "signing", "signed", "rejected", "failed", "unknown"] as const),
] satisfies SigningState[];

export const signings = command({
  name: "signings",
  summary: "List signing requests.",
  options: {
    // Not the product of the settings: an approver wants to see the whole queue.
    product: text("-P, --product <id|name>", "only requests of this product"),
    state: choice("--state <state>", "only requests in this state", states),
    status: wholeNumber("--status <code>", "only requests with this status code (the service filters)"),
    limit: count("--limit <count>", "at most this many, in the service's order (default: all)"),
  },
  examples: [
    ["List the requests that wait for approval.", "ocisign signings --state waiting"],
    [
      "List ten requests of a product, for a program.",
      'ocisign signings --product "OCI SIGN" --limit 10 --json',
    ],
  ],
  async run(session, { product, state, status, limit }) {
    const { signal } = session;
    const client = await session.service();
    const productId = product === undefined ? undefined : (await findProduct(session, product)).id;
    // The service knows codes and not our states, so it cannot count for --state.
    const filter = { status, productId, limit: state === undefined ? limit : undefined };
    const all = await client.signings(filter, { signal });
    const listed = all.filter((signing) => state === undefined || signing.state === state).slice(0, limit);
    return { listed, all };
  },
  json: ({ listed }) => listed,
  async text({ listed }) {
    if (listed.length === 0) return undefined;
    const { artifactOf } = await import("ocisign");
    const rows = listed.map((signing) => {
      return [signing.id, stateText(signing), signing.createdAt, artifactText(artifactOf(signing))];
    });
    return table(["REQUEST", "STATE", "CREATED", "IMAGE"], rows);
  },
  beside({ listed, all }, session) {
    if (listed.length === 0) session.output.note("There are no such requests.");
    explainInList(session, listed, all);
  },
});
