// All of a profile, applied: calls go out in the service's words, and replies come back in ours. The client behind it
// knows one service only. This part is loaded when a profile needs it.
import { checkUrl, serviceUrl } from "../../core.ts";
import { type Fields, isRecord } from "../../foreign.ts";
import { call, type Task } from "../call.ts";
import type { ActingRoute, RouteName, WholeProfile } from "../profile.ts";
import { badReply, type Reply } from "../reply.ts";
import type { MakeShape } from "../shaped.ts";
import { List } from "./paging.ts";
import { FieldPlaces, type Steps, stepsOf, valueAt } from "./places.ts";
import { checkProfile, decides } from "./read.ts";
import { filled, type Values } from "./template.ts";

/** What the client adds to a signing request: the service's own fields of these names are others. */
const decoded = ["code", "state", "final"];

/** {@inheritDoc MakeShape} */
export const shapeOf: MakeShape = (profile, baseUrl, settings) => {
  checkProfile(profile);
  const { signing = {}, product = {} } = profile.replies ?? {};
  const ofSignings = new FieldPlaces(signing.fields, decoded);
  const ofProducts = new FieldPlaces(product.fields);
  const base = checkUrl(baseUrl, "baseUrl");
  const { signings = {}, products = {} } = profile.lists ?? {};
  const lists = {
    signings: new List(signings, ofSignings, base, settings),
    products: new List(products, ofProducts, base, settings),
  };
  return {
    async call(route, id, task) {
      const reply = await call(settings, asked(routeOf(profile, route), route, id, task));
      return /product/i.test(route)
        ? replied(reply, product.envelope, ofProducts)
        : replied(reply, signing.envelope, ofSignings);
    },
    async requestDigest(task) {
      const { route } = profile.digests ?? {};
      const way = typeof route === "string" ? {} : (route ?? routeOf(profile, "requestSigning"));
      return replied(
        await call(settings, asked(way, "requestSigning", "", task)),
        signing.envelope,
        ofSignings,
      );
    },
    list(name, task, search, first) {
      return lists[name].read(asked(routeOf(profile, name), name, "", task), search, first);
    },
    walk(doing, again, take) {
      const { signings: way } = profile.routes;
      const url = serviceUrl(baseUrl, typeof way === "string" ? way : way.path, "");
      return lists.signings.walk(
        asked(routeOf(profile, "signings"), "signings", "", { doing, url }),
        again,
        take,
      );
    },
  };
};

function routeOf({ routes }: WholeProfile, name: RouteName): ActingRoute {
  const route = routes[name];
  // A route that reads has no more than one that acts; checkProfile knows the two apart.
  return typeof route === "string" ? {} : (route as ActingRoute);
}

function asked({ method, query, body }: ActingRoute, route: RouteName, id: string, task: Task): Task {
  const search = new URLSearchParams(filled(query ?? {}, { "{id}": id }) as Record<string, string>);
  const text = search.toString().replaceAll("+", "%20");
  const there = { ...task, url: text === "" ? task.url : `${task.url}?${text}` };
  // By the route, and never by its method: what reads stays reading, and what acts stays acting.
  if (task.method === undefined) return there;
  const acting = { ...there, method: method ?? task.method };
  return body ? { ...acting, body: JSON.stringify(filled(body, valuesOf(route, id, task.body))) } : acting;
}

function valuesOf(route: RouteName, id: string, body = "{}"): Values {
  const ours: Fields = JSON.parse(body);
  if (decides(route)) {
    return { "{id}": id, "{comment}": ours.comment, "{expect}": ours.expect };
  }
  return { "{body}": ours };
}

function replied(reply: Reply, envelope: string | undefined, places: FieldPlaces): Reply {
  const steps: Steps = envelope === undefined ? [] : stepsOf(envelope);
  const theirs = valueAt(reply.value, steps);
  if (envelope === undefined || isRecord(theirs)) return { ...reply, value: places.read(theirs) };
  const fix = "Correct `envelope` in the profile's replies, or check that baseUrl is the signing service.";
  throw badReply(reply, `${reply.doing}: there is no object at ${envelope} in the reply.`, fix);
}
