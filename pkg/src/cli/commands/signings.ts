// `ocisign signings`: the requests at the service, such as those that wait for approval.

import type { Signing } from "ocisign";
import { batchOf } from "../../bulk/batch-mark.ts";
import { asText } from "../../shown/as-text.ts";
import { checkBatch } from "../batch/wanted.ts";
import { command } from "../command.ts";
import { findProduct } from "../find-product.ts";
import { count, flag, text, whichRequests, wholeNumber } from "../options.ts";
import { type Opened, openedText, openPage } from "../page.ts";
import { viewed } from "../request-text.ts";
import type { Session } from "../session.ts";
import * as settings from "../settings.ts";
import type { Entry } from "../signings-table.ts";
import { explainInList } from "../unexplained.ts";
import { listDocument, tellUnreadable, type Unreadable, unreadableOf } from "../unreadable.ts";

interface Listed {
  readonly entries: readonly Entry[];
  readonly unreadable: readonly Unreadable[];
  /** How many of the others name no requester that can be compared. */
  readonly withoutRequester: number;
  /** All that were read, for what is said below the list. */
  readonly found: readonly Signing[];
}

export const signings = command({
  name: "signings",
  summary: "List signing requests.",
  options: {
    search: text("-q, --search <text>", "only requests that hold all of these words"),
    mine: whichRequests.mine,
    product: whichRequests.product,
    batch: text("--batch <id>", "only requests of the run that has this batch id"),
    state: whichRequests.state,
    status: wholeNumber("--status <code>", "only requests with this status code"),
    limit: count("--limit <count>", "at most this many, in the service's order"),
    web: flag("--web", "open the list in the browser", { conflicts: ["mine", "status", "limit", "batch"] }),
  },
  settings: settings.page,
  examples: [
    ["List the requests that wait for approval.", "ocisign signings --state waiting"],
    [
      "Search; list ten of a product, for a program.",
      'ocisign signings -q "release 1.2"',
      'ocisign signings --product "OCI SIGN" --limit 10 --json',
    ],
  ],
  async run(session, { web, ...wanted }): Promise<Listed | Opened> {
    return web ? openPage(session, pageHash(wanted)) : list(session, wanted);
  },
  async text(result, output) {
    if ("url" in result) return openedText(result);
    if (result.entries.length === 0) return undefined;
    const { signingsTable } = await import("../signings-table.ts");
    return signingsTable(result.entries, output);
  },
  json(result) {
    if ("url" in result) return result;
    return listDocument(
      "signings",
      result.entries.map(({ signing }) => signing),
      result.unreadable,
    );
  },
  beside(result, session) {
    if ("url" in result) return;
    const { output } = session;
    const { entries, unreadable, withoutRequester, found } = result;
    if (entries.length === 0) output.note("There are no such requests.");
    if (withoutRequester > 0) {
      output.note(
        `${withoutRequester} more may be yours: the service does not say by id who requested them.`,
      );
    }
    tellUnreadable(unreadable, output);
    explainInList(
      session,
      entries.map(({ signing }) => signing),
      found,
    );
    const [waiting] = entries.filter(({ signing }) => signing.state === "waiting");
    if (waiting) output.hint(`Next: see and approve one with \`ocisign approve ${waiting.shortId}\`.`);
    const { batch } = entries.find((entry) => entry.signing.state === "waiting" && entry.batch) ?? {};
    if (batch !== undefined) output.hint(`All requests of its run: \`ocisign approve --batch ${batch}\`.`);
  },
});

interface Wanted {
  readonly search: string | undefined;
  readonly mine?: boolean;
  readonly product: string | undefined;
  readonly batch?: string | undefined;
  readonly state: string | undefined;
  readonly status?: number | undefined;
  readonly limit?: number | undefined;
}

async function list(session: Session, wanted: Wanted): Promise<Listed> {
  const { search, mine, product, batch, state, status, limit } = wanted;
  const { signal, output } = session;
  if (batch !== undefined) checkBatch(batch);
  const client = await session.service();
  const productId = product === undefined ? undefined : (await findProduct(session, product)).id;
  // The service knows codes and status, not our states, words and batches: it cannot count for these.
  const isCountedHere = state !== undefined || search !== undefined || batch !== undefined || mine;
  const filter = { status, productId, limit: isCountedHere ? undefined : limit };
  const found = await client.signings(filter, { signal });
  const { seeDigests } = await import("../../shown/see-digest.ts");
  await seeDigests(found, client.profile);
  const isWanted = (signing: Signing) =>
    (state === undefined || signing.state === state) && (batch === undefined || batchOf(signing) === batch);
  const inState = found.filter(isWanted);
  const { own, withoutRequester } = mine
    ? await ownOf(session, inState)
    : { own: inState, withoutRequester: 0 };
  const { entriesOf } = await import("../signings-table.ts");
  const entries = await entriesOf(session, own, { needsProducts: search !== undefined || !output.isJson });
  const { matcher } = await import("../search.ts");
  const matching = search === undefined ? entries : entries.filter(matcher(search));
  return { entries: matching.slice(0, limit), unreadable: unreadableOf(found), withoutRequester, found };
}

/** Those of the person that the token names. */
async function ownOf(session: Session, all: readonly Signing[]) {
  const { identityOf } = await import("../claims.ts");
  const { isKnownById, isSamePerson } = await import("../../shown/person.ts");
  // The list was read with it.
  const me = identityOf(session.usedToken ?? (await session.token.ask()));
  const requesters = await Promise.all(all.map(async (signing) => (await viewed(signing)).requester));
  const own = all.filter((_, at) => isSamePerson(requesters[at], me));
  const others = all.filter((signing) => !own.includes(signing));
  return { own, withoutRequester: others.filter(({ requester }) => !isKnownById(requester)).length };
}

/** The view of the page that shows the same. */
function pageHash({ search, product, state }: Wanted): string {
  const filter = state === undefined ? "all" : (pageFilters[state] ?? "all");
  const words = [product, search].map(asText).filter(Boolean).join(" ");
  return `#/requests?${new URLSearchParams({ filter, ...(words && { search: words }) })}`;
}

const pageFilters: Readonly<Record<string, string>> = {
  ...{ new: "waiting", waiting: "waiting", approved: "waiting", signing: "waiting" },
  ...{ signed: "signed", rejected: "ended", failed: "ended" },
};
