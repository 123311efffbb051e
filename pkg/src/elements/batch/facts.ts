// All that a decision about a request is bound to, as facts that can be compared with those of the others.
import type { BatchProduct, Signing } from "ocisign";
import { encodeArtifactUri, registriesOf } from "ocisign";
import { batchEntry, batchOf, requestEntry, requestKeyOf } from "../../bulk/batch-mark.ts";
import { foldedId } from "../../service/same-id.ts";
import { asText } from "../../shown/as-text.ts";
import { isHiding } from "../../shown/batch-view.ts";
import { dateOf } from "../../shown/date.ts";
import { needsOf } from "../../shown/needs.ts";
import type { Person } from "../../shown/person.ts";
import { lifeOf } from "../../shown/product-life.ts";
import { operationOf } from "../../shown/product-view.ts";
import type { RequestView } from "../../shown/request-view.ts";
import { wordsOf } from "../model/errors.ts";
import { usualPayloadName } from "../model/payload-name.ts";
import { mostRows } from "../signing/extras.ts";
import { strings } from "../strings/index.ts";

/** What a value is, for drawing it. */
type Value =
  | { readonly shows: "prose" | "exact" | "group"; readonly value: string }
  /** Ours, and no value of the request. */
  | { readonly shows: "words"; readonly value: string }
  | { readonly shows: "time"; readonly value: Date }
  | { readonly shows: "person"; readonly value: Person };

export type Fact = Value & {
  /** What it is called: by us, or by the requester. */
  readonly title: { readonly own: string } | { readonly foreign: string };
  /**
   * `head`: every row begins with it, whatever the others say. `inner`: it tells nothing that a person decides by, and
   * stands where all fields of the request are.
   */
  readonly place?: "head" | "inner";
  /** It tells a person nothing by itself: where all requests have it alike, it may stand folded. */
  readonly isTechnical?: boolean;
  /** It speaks against approving without a second look. */
  readonly isWarning?: boolean;
};

/** By their keys: facts of two requests with one key are about the same thing. */
export type Facts = ReadonlyMap<string, Fact>;

export function factsOf(view: RequestView, product: BatchProduct | undefined): Facts {
  const found = new Map<string, Fact>();
  for (const [key, fact] of [
    ...ofPerson(view),
    ...ofImage(view),
    ...ofProduct(view, product),
    ...ofRequest(view),
  ])
    found.set(key, fact);
  return found;
}

/** What was compared once is compared with hundreds. */
const texts = new WeakMap<Fact, string>();

/** Tells two facts of the same key apart. */
export function textOf(fact: Fact): string {
  const known = texts.get(fact);
  if (known !== undefined) return known;
  const { title, shows, value } = fact;
  const text = JSON.stringify([title, shows, value]);
  texts.set(fact, text);
  return text;
}

/** Does it hold characters that a person does not see, or takes for others? */
export function hides({ title, ...fact }: Fact): boolean {
  if ("foreign" in title && isHiding(title.foreign, "prose")) return true;
  switch (fact.shows) {
    case "time":
    case "words":
      return false;
    case "person":
      return isHiding(fact.value.name, "prose") || isHiding(fact.value.objectId ?? "", "exact");
    case "group":
      return isHiding(fact.value, "exact");
    default:
      return isHiding(fact.value, fact.shows);
  }
}

type Entry = readonly [key: string, fact: Fact];

function exactFact(title: string, value: string, more: Partial<Fact> = {}): Fact {
  return { title: { own: title }, shows: "exact", value, ...more } as Fact;
}

function wordsFact(title: string, value: string, more: Partial<Fact> = {}): Fact {
  return { title: { own: title }, shows: "words", value, ...more } as Fact;
}

function proseFact(title: string, value: string, more: Partial<Fact> = {}): Fact {
  return { title: { own: title }, shows: "prose", value, ...more } as Fact;
}

/** Without a value there is no fact. */
function unlessEmpty(key: string, fact: Fact): Entry[] {
  return fact.value === "" ? [] : [[key, fact]];
}

function* ofImage({ artifact, image }: RequestView): Iterable<Entry> {
  const words = strings.signing;
  if (image) {
    yield ["registry", exactFact(words.registry, image.registry)];
    yield ["repository", exactFact(words.repository, image.repository, { place: "head" })];
    yield ["digest", exactFact(words.digest, image.digest, { place: "head" })];
    yield* unlessEmpty("tag", exactFact(words.tag, image.tag ?? ""));
  }
  // Where both forms say the same as the reference, they tell nothing.
  const isPlain = artifact.state === "image" && artifact.text === artifact.reference.canonical;
  const isUsual = artifact.state === "image" && artifact.encoded === encodeArtifactUri(artifact.reference);
  if (!isPlain && artifact.text)
    yield ["decoded", exactFact(words.decoded, artifact.text, { isWarning: true })];
  if (!isUsual && artifact.encoded)
    yield ["encoded", exactFact(words.encoded, artifact.encoded, { isWarning: isPlain })];
}

function* ofProduct({ signing, image }: RequestView, shown: BatchProduct | undefined): Iterable<Entry> {
  const words = { ...strings.signing, product: strings.common.product };
  const id = asText(signing.productId);
  const operationId = asText(signing.idProductOperation);
  const product = shown?.product;
  if (id === "") yield ["product", wordsFact(words.product, words.noProduct, { isWarning: true })];
  else {
    yield* unlessEmpty("product", proseFact(words.product, asText(product?.name)));
    yield ["product id", exactFact(strings.batch.productId, id, { isTechnical: true })];
  }
  if (shown?.error) {
    const { message } = wordsOf(shown.error);
    yield [
      "product unread",
      wordsFact(words.product, `${words.productUnread} ${message}`, { isWarning: true }),
    ];
  }
  if (product) {
    const { text = "", problem, isUnknown = false } = lifeOf(product) ?? {};
    if (product.enabled === false)
      yield ["disabled", wordsFact(words.product, words.productDisabled, { isWarning: true })];
    yield* unlessEmpty(
      "state",
      exactFact(words.productState, text, {
        isWarning: problem !== undefined,
        isTechnical: !problem && !isUnknown,
      }),
    );
    for (const [at, registry] of registriesOf(product).entries())
      yield [
        `product registry ${at}`,
        exactFact(strings.batch.productRegistry, asText(registry), {
          isTechnical: registry === image?.registry,
        }),
      ];
    const operation = operationOf(product, signing.idProductOperation);
    if (operation) {
      yield ["operation", proseFact(words.operation, asText(operation.name))];
      yield* unlessEmpty(
        "operation type",
        exactFact(strings.batch.operationType, asText(operation.operationType), { isTechnical: true }),
      );
    } else if (operationId) {
      yield ["operation", wordsFact(words.operation, words.noOperation, { isWarning: true })];
    }
  }
  yield* unlessEmpty(
    "operation id",
    exactFact(strings.batch.operationId, operationId, { isTechnical: true }),
  );
  yield* ofKey(shown);
}

function* ofKey(shown: BatchProduct | undefined): Iterable<Entry> {
  const words = strings.signing;
  if (shown?.key) {
    const { key, from, pin } = shown.key;
    yield ["key", exactFact(words.fingerprint, `${key.keyType} ${key.fingerprint}`)];
    if (pin)
      yield ["pin", wordsFact(strings.batch.pin, from === "pinned" ? words.keyOnlyPinned : words.keyPinned)];
  } else if (shown?.keyError) {
    const { message } = wordsOf(shown.keyError);
    yield ["key", wordsFact(words.fingerprint, `${words.keyUnread} ${message}`, { isWarning: true })];
  }
}

/** What is asked for, by whom and why. */
function* ofPerson(view: RequestView): Iterable<Entry> {
  const words = strings.signing;
  const { requester } = view;
  yield* unlessEmpty("name", proseFact(strings.batch.name, view.name));
  yield [
    "description",
    view.description
      ? proseFact(strings.batch.why, view.description)
      : wordsFact(strings.batch.why, words.noDescription),
  ];
  yield [
    "requester",
    requester
      ? { title: { own: words.requester }, shows: "person", value: requester }
      : wordsFact(words.requester, words.nobody, { isWarning: true }),
  ];
}

function* ofRequest(view: RequestView): Iterable<Entry> {
  const words = strings.signing;
  const { signing } = view;
  yield* ofMetadata(view);
  yield* unlessEmpty("created", timeFact(words.created, signing.createdAt));
  const isTechnical = view.payloadName === usualPayloadName;
  yield* unlessEmpty("payload", proseFact(words.payloadName, view.payloadName, { isTechnical }));
  yield* ofRule(view);
  for (const { path, text } of view.extras.slice(0, mostRows))
    yield [`extra ${path}`, { title: { foreign: path }, shows: "prose", value: text }];
  if (view.extras.length > mostRows)
    yield ["extras", proseFact(words.furtherRows, asText(view.extras.slice(mostRows)))];
  yield ["id", exactFact(words.requestId, signing.id, { place: "inner" })];
}

/** A group may stand there twice: then two of it have to approve. */
function* ofRule({ required = [], signing }: RequestView): Iterable<Entry> {
  const words = strings.signing;
  const counts = new Map<string, number>();
  for (const group of required) {
    const id = foldedId(group);
    const nth = (counts.get(id) ?? 0) + 1;
    counts.set(id, nth);
    const title = { own: needsOf(signing) === "any" ? words.requiredAny : words.required };
    yield [`required ${nth} ${id}`, { title, shows: "group", value: group }];
  }
}

/** Several entries may have one name: they are told apart by their order. */
function* ofMetadata({ metadata, signing }: RequestView): Iterable<Entry> {
  const counts = new Map<string, number>();
  const isMarked = requestKeyOf(signing) !== undefined;
  for (const { name, value } of metadata.slice(0, mostRows)) {
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    // Both are made by whoever asked for many at once; the one is made from the image, and the head tells the other.
    const isKey = isMarked && name === requestEntry;
    const isBatch = name === batchEntry && batchOf(signing) === value;
    yield [
      `metadata ${nth} ${name}`,
      {
        title: { foreign: name },
        shows: "prose",
        value,
        ...(isKey && { place: "inner" as const }),
        ...(isBatch && { isTechnical: true }),
      },
    ];
  }
  if (metadata.length > mostRows)
    yield ["metadata", proseFact(strings.signing.furtherRows, asText(metadata.slice(mostRows)))];
}

/** A value that is no time is shown as it is. */
function timeFact(title: string, given: Signing["createdAt"] | undefined): Fact {
  const date = dateOf(given);
  return date ? { title: { own: title }, shows: "time", value: date } : exactFact(title, asText(given));
}
