// What an image is compared with, and the comparison: first what costs little, then what is inside layers, when it
// costs little or the person asks for it.
import {
  artifactOf,
  compareImages,
  describeImage,
  type ImageChanges,
  type ImageDescription,
  lastSigned,
  type PublicKey,
  parseReference,
  type Signing,
  type SigningClient,
  type Verification,
  verifyImage,
} from "ocisign";
import { anyDigest, taggedIn } from "../../image/tagged.ts";
import type { OcisignElement } from "../base.ts";
import { accessOf } from "../model/access.ts";
import { signedIn } from "./signed-list.ts";
import { inTurn } from "./turns.ts";

/** The element that the comparison belongs to. */
interface Host extends OcisignElement {
  readonly signing: Signing | undefined;
  readonly imageBefore: string | undefined;
  readonly imageAfter: string | undefined;
  readonly changes: ImageChanges | undefined;
  readonly publicKey: string | PublicKey | undefined;
  /** The image is described beside it. */
  readonly isDescribed: boolean;
  /** One of many, as in a list. */
  readonly brief: boolean;
  compared(): void;
}

/** The image that is compared with, and why it is that one. */
export interface Other {
  /** `registry/repository@digest`. */
  readonly image: string;
  /** The request that signed it, where that is what was looked for. */
  readonly signing?: Signing;
  /** By the service's word: RFC 3339. */
  readonly signedAt?: string | undefined;
  /** What the registry proved of it; nothing where no key was there to prove it. */
  readonly verification?: Verification | undefined;
}

/** What is inside layers. */
export type Inside = "packages" | "files";

/** Packages in layers are read unasked if the layers that differ are smaller than this, in bytes. */
const little = 50_000_000;

/** Where another client may bring what the one before did not. */
const waits: ReadonlySet<Comparing["state"]> = new Set(["none", "looking", "lost", "failed"]);

/** A reactive controller. */
export class Comparing {
  /** `alone`: there is nothing to compare with. `lost`: it is unknown whether there is. */
  state: "none" | "looking" | "comparing" | "compared" | "alone" | "lost" | "failed" = "none";
  other: Other | undefined = undefined;
  changes: ImageChanges | undefined = undefined;
  /** The image itself, where there is nothing to compare with. */
  description: ImageDescription | undefined = undefined;
  /** Newer requests that say that they were signed, and whose signatures do not verify. */
  passedOver = 0;
  /** Newer ones of which that could not be found out, where an older one is taken all the same. */
  unchecked = 0;
  error: unknown = undefined;
  /** What is being read of the layers. */
  reading: Inside | undefined = undefined;
  insideError: unknown = undefined;
  /** What was read of the layers. */
  read: ReadonlySet<Inside> = new Set();
  /** The image that the person chose to compare with, as it was typed. */
  chosen: string | undefined = undefined;
  #host: Host;
  /** What is compared by now. */
  #key: readonly unknown[] = [];
  #client: SigningClient | undefined = undefined;
  #publicKey: string | PublicKey | undefined = undefined;
  #run: AbortController | undefined = undefined;
  #inside: AbortController | undefined = undefined;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected() {
    if (!this.#run?.signal.aborted) return;
    // A page that moves the element takes it off for a moment: what was compared stays.
    if (this.state === "looking" || this.state === "comparing") this.again();
    else this.#run = new AbortController();
  }

  hostDisconnected() {
    this.#run?.abort();
    this.stop();
  }

  /** Begins anew where something else is to be compared. */
  follow() {
    const { client, signing, imageBefore, imageAfter, changes, registry, publicKey } = this.#host;
    const image = imageOf(signing);
    const key = [signing?.id, image, imageAfter, imageBefore, changes, ...accessOf(registry)];
    const isOther = this.#key.length === 0 || key.some((part, at) => !Object.is(part, this.#key[at]));
    // A session that is being renewed has no client for a while; what was compared by the one before stays true.
    const isServed = client !== undefined && client !== this.#client && waits.has(this.state);
    // The key may be found while the image is compared already.
    const isProvable = imageBefore !== undefined && publicKey !== this.#publicKey;
    if (!isOther && !isServed && !isProvable) return;
    if (key.slice(0, 3).some((part, at) => part !== this.#key[at])) this.chosen = undefined;
    this.#key = key;
    this.#client = client;
    this.#publicKey = publicKey;
    this.again();
  }

  /** The person chose another image; nothing goes back to what is looked for. */
  choose(text: string | undefined) {
    this.chosen = text;
    this.again();
  }

  again() {
    this.#run?.abort();
    this.#inside?.abort();
    this.other = this.changes = this.description = this.error = undefined;
    this.reading = this.insideError = undefined;
    this.read = new Set();
    this.passedOver = this.unchecked = 0;
    this.state = "none";
    const run = new AbortController();
    this.#run = run;
    if (this.#host.changes && this.chosen === undefined) this.#take(this.#host.changes);
    else if (this.#host.brief) void inTurn(() => this.#go(run.signal));
    else void this.#go(run.signal);
    this.#host.requestUpdate();
  }

  /** Reads what is inside the layers, too. */
  async readInside(what: Inside) {
    const [other, image, run] = [this.other, this.#image, this.#run];
    if (!other || !image || !run) return;
    this.#inside?.abort();
    const inside = new AbortController();
    this.#inside = inside;
    this.reading = what;
    this.insideError = undefined;
    this.#host.requestUpdate();
    const wanted = new Set([...this.read, what]);
    try {
      const changes = await this.#compare(other.image, image, wanted, inside.signal);
      if (inside.signal.aborted || run.signal.aborted) return;
      this.read = wanted;
      this.changes = changes;
    } catch (error) {
      if (run.signal.aborted || this.#inside !== inside) return;
      if (!inside.signal.aborted) this.insideError = error;
    }
    this.reading = undefined;
    this.#host.requestUpdate();
    if (!inside.signal.aborted) this.#host.compared();
  }

  /** It cannot be compared, or not be shown. */
  fail(error: unknown) {
    this.error = error;
    this.#turn(this.state === "looking" ? "lost" : "failed");
    this.#host.emit("ocisign-error", { error });
  }

  stop() {
    this.#inside?.abort();
    this.reading = undefined;
    this.#host.requestUpdate();
  }

  get #image(): string | undefined {
    return this.#host.imageAfter ?? imageOf(this.#host.signing) ?? this.#host.changes?.after;
  }

  async #go(signal: AbortSignal) {
    const { client, signing, imageBefore } = this.#host;
    const given = this.chosen ?? imageBefore;
    const image = this.#image;
    if (signal.aborted || image === undefined || (given === undefined && (!client || !signing))) return;
    this.#turn(given === undefined ? "looking" : "comparing");
    try {
      const other =
        given === undefined ? await this.#last(client, signing, signal) : await this.#given(given, signal);
      if (signal.aborted) return;
      if (!other) return void (await this.#describe(image, signal));
      this.other = other;
      this.#turn("comparing");
      const changes = await this.#compare(other.image, image, new Set(), signal);
      if (signal.aborted) return;
      this.#take(changes);
      if (!this.#host.brief && isWorthReading(changes)) void this.readInside("packages");
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
  }

  /** What the service and the registry say was signed last. */
  async #last(
    client: SigningClient | undefined,
    signing: Signing | undefined,
    signal: AbortSignal,
  ): Promise<Other | undefined> {
    const image = imageOf(signing);
    if (!client || !signing || image === undefined) return undefined;
    const registry = await this.#host.registryFor(parseReference(image));
    // Many rows are compared with what one walk along the list finds.
    const signings = this.#host.brief ? await signedIn(client) : undefined;
    const found = await lastSigned(client, signing, { registry, signings, signal });
    if (signal.aborted) return undefined;
    this.passedOver = found.passedOver.filter(
      ({ verification }) => verification.state !== "unreachable",
    ).length;
    // Where none was found, what could not be checked is why, and is told as that.
    if (found.state === "found") this.unchecked = found.passedOver.length - this.passedOver;
    if (found.state === "unknown") throw found.error;
    if (found.state === "none") return undefined;
    const { reference, signedAt, verification } = found;
    return { image: reference, signing: found.signing, signedAt, verification };
  }

  /** What the person or the page names; a tag as the registry resolves it now. */
  async #given(text: string, signal: AbortSignal): Promise<Other> {
    const isTag = taggedIn(text, parseReference) !== undefined;
    const reference = parseReference(isTag ? `${text}${anyDigest}` : text);
    const registry = await this.#host.registryFor(reference);
    const { registry: domain, repository } = reference;
    const digest = isTag
      ? (await describeImage(text, { registry, resolveTag: true, signal })).digest
      : reference.digest;
    const image = `${domain}/${repository}@${digest}`;
    const { publicKey } = this.#host;
    const verification = publicKey && (await verifyImage(image, { publicKey, registry, signal }));
    return { image, verification: verification || undefined };
  }

  /** There is nothing to compare with. Beside a description of the image by others, it needs none. */
  async #describe(image: string, signal: AbortSignal) {
    this.#turn("alone");
    if (this.#host.brief || this.#host.isDescribed) return;
    try {
      const registry = await this.#host.registryFor(parseReference(image));
      this.description = await describeImage(image, { registry, signal });
    } catch (error) {
      this.insideError = error;
    }
    if (!signal.aborted) this.#host.requestUpdate();
  }

  async #compare(
    before: string,
    after: string,
    inside: ReadonlySet<Inside>,
    signal: AbortSignal,
  ): Promise<ImageChanges> {
    const [registryBefore, registry] = await Promise.all(
      [before, after].map((image) => this.#host.registryFor(parseReference(image))),
    );
    return compareImages(before, after, {
      registry,
      registryBefore,
      packages: inside.has("packages") ? "layers" : "sbom",
      files: inside.has("files"),
      signal,
    });
  }

  #take(changes: ImageChanges) {
    this.changes = changes;
    this.other ??= { image: changes.before };
    this.#turn("compared");
    this.#host.compared();
  }

  #turn(state: Comparing["state"]) {
    this.state = state;
    this.#host.requestUpdate();
  }
}

/** What it would take to read the layers that differ, in bytes; nothing where nothing is left to be read. */
export function costOf({ platforms }: ImageChanges): number {
  return platforms.reduce((sum, change) => {
    const files = change.state === "same" ? change.value.files : undefined;
    return sum + (files?.state === "notAsked" ? files.costBytes : 0);
  }, 0);
}

/** Is there an image whose packages no list tells? */
export function lacksPackages({ platforms }: ImageChanges): boolean {
  return platforms.some((change) => {
    const packages = change.state === "same" ? change.value.packages : undefined;
    return packages !== undefined && packages.state !== "compared";
  });
}

function isWorthReading(changes: ImageChanges): boolean {
  const cost = costOf(changes);
  return cost > 0 && cost <= little && lacksPackages(changes);
}

function imageOf(signing: Signing | undefined): string | undefined {
  const artifact = signing && artifactOf(signing);
  return artifact?.state === "image" ? artifact.reference.canonical : undefined;
}
