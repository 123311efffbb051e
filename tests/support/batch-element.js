// <ocisign-batch> on the stage, beside a service that keeps requests, takes decisions, and does what a test says instead.
import { idOf, registry, requestOf } from "./batch-service.js";
import { productOf } from "./fake-service.js";
import { groupA, groupB } from "./sandbox.js";
import { mount, useStage } from "./stage.js";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("./fake-service.js").Asking} Asking
 * @typedef {import("./fake-service.js").Answer} Answer
 */

export { idOf, imageOf, registry, requestOf } from "./batch-service.js";
export { groupA, groupB } from "./sandbox.js";

export const profile = { statuses: { 2: "waiting", 16: "signed", 32: "rejected" } };
export const me = { objectId: "me", name: "Me", groups: [groupA] };
export const groupNames = { [groupA]: "Release managers", [groupB]: "Security" };

/** A request that waits for the one group, by somebody else. @param {number} n @param {Record<string, unknown>} [changes] */
export const waiting = (n, changes = {}) =>
  requestOf(n, {
    status: 2,
    description: "Release 2.0",
    requester: { name: "Rita", objectId: "rita" },
    createdAt: "2026-11-22T14:02:11Z",
    requiredGroups: [groupA],
    ...changes,
  });

/** @param {number} count @param {(n: number) => Record<string, unknown> | undefined} [changes] */
export const several = (count, changes = () => ({})) =>
  Array.from({ length: count }, (_, at) => waiting(at + 1, changes(at + 1)));

/**
 * @typedef {object} Given
 * @property {(asking: Asking & { id: string, nth: number }) => Answer | undefined} [on] answers before the service does, or says when it does
 * @property {Record<string, any>} [products] by id
 * @property {Record<string, unknown>} [client] more options of the client
 * @property {Record<string, unknown>} [properties] more properties of the element
 * @property {import("./browser.js").ContextOptions} [options] of a window of its own
 */

export function useBatch() {
  const stage = useStage();

  /** Opens a batch of these requests. @param {any[]} requests @param {Given} [given] */
  async function openBatch(requests, given = {}) {
    const held = new Map(requests.map((request) => [request.id, structuredClone(request)]));
    const products = given.products ?? { p: productOf(registry) };
    const state = { on: given.on, products };
    /** @type {{ method: string, path: string }[]} */
    const seen = [];
    const service = await stage.serve((asking) => {
      const path = decodeURIComponent(asking.path.replace(/^.*\/api\/v1\//, "").replace(/\?.*/, ""));
      const id = path.split("/")[1] ?? "";
      const nth = seen.filter((one) => one.method === asking.method && one.path === path).length + 1;
      seen.push({ method: asking.method, path });
      const { after, ...told } = state.on?.({ ...asking, path, id, nth }) ?? {};
      const isTold = Object.keys(told).length > 0;
      return { ...(isTold ? told : answerTo(asking.method, path, id, asking.body)), ...(after && { after }) };
    });

    /** @param {string} method @param {string} path @param {string} id @param {string} body @returns {Answer} */
    function answerTo(method, path, id, body) {
      if (path === "imagesignings") return { body: [...held.values()] };
      if (path.startsWith("products/")) {
        return state.products[id] ? { body: { ...state.products[id], id } } : { status: 404, body: {} };
      }
      const request = held.get(id);
      if (!request) return { status: 404, body: { message: "no such request" } };
      if (method === "GET") return { body: request };
      if (request.status !== 2) return { status: 409, body: { message: "not waiting" } };
      decide(id, path.endsWith("/approve"), JSON.parse(body || "{}").comment);
      return { body: request };
    }

    /** What the person of this page does. @param {string} id @param {boolean} isApproval @param {string} [comment] */
    function decide(id, isApproval, comment) {
      const request = held.get(id);
      if (isApproval) request.approvals.push({ objectId: "me", name: "Me", comment });
      else Object.assign(request, { status: 32, reason: `Rejected: ${comment}` });
    }

    const { page, complaints } = given.options ? await stage.open(given.options) : await stage.openAgain();
    await mount(page, "ocisign-batch", {
      service: { baseUrl: service.url, token: "token", profile, ...given.client },
      properties: { ids: requests.map(({ id }) => id), identity: me, groupNames, ...given.properties },
    });
    return {
      ...{ page, complaints, service, held, state, decide },
      posts: () =>
        service.asked
          .filter(({ method }) => method === "POST")
          .map(({ path, body }) => ({
            id: decodeURIComponent(path).split("/").at(-2),
            act: path.split("/").at(-1),
            body: body ? JSON.parse(body) : undefined,
          })),
    };
  }

  return { stage, openBatch };
}

/** The row of the nth request. @param {Page} page @param {number} n */
export const row = (page, n) => page.locator(`[part="row"][data-key="${idOf(n)}"]`);

/** Waits until all rows are drawn. @param {Page} page @param {number} count */
export const drawn = (page, count) =>
  page
    .locator('[part="row"]')
    .nth(count - 1)
    .waitFor();

/** What a person reads at the field. @param {Page} page @returns {Promise<string>} */
export async function wordsOf(page) {
  await page.locator("#tail mark").nth(1).waitFor();
  return (await page.locator("#tail mark").allTextContents()).join(" ");
}

/** @param {Page} page */
export const isReady = (page) => page.locator('#decide[aria-disabled="false"]');

/** Types the words, and decides. @param {Page} page */
export async function act(page) {
  await page.locator("#words").fill(await wordsOf(page));
  await isReady(page).waitFor();
  await page.locator("#decide").click();
}

/** Waits for the end of the sending. @param {Page} page */
export const ended = (page) => page.locator("#receipt").waitFor();

/** The outcome of each row, by the number of its request. @param {Page} page */
export async function outcomes(page) {
  const rows = await page
    .locator('[part="row"]')
    .evaluateAll((all) => all.map((it) => [Number(it.dataset.key?.slice(-12)), it.dataset.outcome]));
  return Object.fromEntries(rows.sort(([one], [other]) => Number(one) - Number(other)));
}

/** The hindrances that are told. @param {Page} page */
export const hindrances = (page) =>
  page.locator("[data-hindrance]").evaluateAll((all) => all.map((it) => it.dataset.hindrance));
