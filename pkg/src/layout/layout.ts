// An OCI layout as a source of manifests and blobs (OCI image spec, "Image Layout"). Files are named by what they hold,
// and each manifest is compared with its name before anything is read in it.
import { isDigest } from "../core.ts";
import { fail, OcisignError, type OcisignErrorOf } from "../error.ts";
import { fieldOf, isText } from "../foreign.ts";
import type { Digest, ImageReference } from "../image/reference.ts";
import { looksLikeDigest } from "../registry/address.ts";
import { joined } from "../registry/body.ts";
import type { Budget } from "../registry/budget.ts";
import { damaged } from "../registry/content.ts";
import { imageTypes, manifestTypes, mostManifestBytes } from "../registry/media-types.ts";
import { type ListedDescriptor, mostReferrers } from "../registry/referrers-index.ts";
import { typeByContent } from "../registry/replies.ts";
import type {
  BlobOptions,
  ContentSource,
  FoundManifest,
  ManifestOptions,
  Referrers,
} from "../registry/source.ts";

import { signatureTag } from "../registry/tags.ts";
import { hasDigest } from "../strict/digest.ts";
import { Fault } from "../strict/fault.ts";
import { manifestAt } from "../strict/manifest.ts";
import {
  derivedEntries,
  entriesIn,
  isImage,
  type LayoutEntry,
  savedBeside,
  taggedEntries,
} from "./entries.ts";
import type { LayoutFiles } from "./files.ts";

/** The largest index.json, in bytes. */
const mostIndexBytes = 16 * 1024 * 1024;
const mostVersionBytes = 4096;

/** How it is read. */
export interface LayoutOptions {
  readonly files: LayoutFiles;
  /** Whose name its tags may carry. */
  readonly image: Pick<ImageReference, "registry" | "repository">;
  readonly budget: Budget;
  readonly signal: AbortSignal | undefined;
}

/** How the manifests of the index are related. */
interface Related {
  /** By the digest of what they are about. */
  readonly subjects: ReadonlyMap<string, readonly ListedDescriptor[]>;
  /** The digests of those that are not there. */
  readonly lost: ReadonlySet<string>;
}

export class OciLayout implements ContentSource {
  readonly called = "OCI layout";
  readonly adviceWhenMissing =
    "Check the digest: a tool that converts manifests changes it (skopeo: --preserve-digests).";
  readonly #options: LayoutOptions;
  readonly #entries: readonly LayoutEntry[];
  #related: Promise<Related> | undefined;

  private constructor(options: LayoutOptions, entries: readonly LayoutEntry[]) {
    this.#options = options;
    this.#entries = entries;
  }

  /** @throws {OcisignError} `bad-input` for what is no layout */
  static async open(options: LayoutOptions): Promise<OciLayout> {
    const reader = new OciLayout(options, []);
    try {
      const version = await reader.#whole("oci-layout", mostVersionBytes);
      if (!version) throw noLayout("there is no file oci-layout");
      checkVersion(version);
      const index = await reader.#whole("index.json", mostIndexBytes);
      if (!index) throw noLayout("there is no file index.json");
      return new OciLayout(options, entriesIn(index));
    } catch (error) {
      if (error instanceof Fault) throw noLayout(error.message);
      throw error;
    }
  }

  async manifest(
    _repository: string,
    reference: string,
    { maxBytes = mostManifestBytes, accept = manifestTypes, anyType = false, witness }: ManifestOptions = {},
  ): Promise<FoundManifest | undefined> {
    const entry = looksLikeDigest(reference) ? undefined : this.#tagged(reference);
    const digest = looksLikeDigest(reference) ? reference : entry?.digest;
    if (digest === undefined) return undefined;
    const bytes = await this.#named(digest, maxBytes);
    if (!bytes && entry) throw lacks(`index.json names ${digest}, which is not there`);
    if (!bytes) return undefined;
    const label = entry ?? this.#entries.find((one) => one.digest === digest);
    const mediaType = label ? label.mediaType.toLowerCase() : typeByContent(bytes, "");
    if (!anyType && !accept.some((type) => type.toLowerCase() === mediaType)) {
      throw bad(`${digest} is not of a type that was asked for.`);
    }
    witness?.saw(_repository);
    return { bytes, mediaType };
  }

  /** What refers to a manifest by its `subject`, of all that the index names, and what `cosign save` put beside it. */
  async referrers(_repository: string, digest: string): Promise<Referrers> {
    const tag = signatureTag(digest);
    const isFirstByTag = tag !== undefined && derivedEntries(this.#entries, tag).length === 0;
    const saved = savedBeside(this.#entries, digest)
      .slice(isFirstByTag ? 1 : 0)
      .map(({ mediaType, digest: of }) => ({ mediaType, digest: of }));
    const { subjects } = await this.#readOnce();
    const manifests = [...(subjects.get(digest) ?? []), ...saved];
    return { manifests, from: "referrers" };
  }

  async blob(
    _repository: string,
    digest: string,
    { maxBytes }: BlobOptions,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.#whole(pathOf(digest), maxBytes);
    if (bytes) return bytes;
    throw lacks(`it has no blob ${digest}`);
  }

  async *blobPieces(
    _repository: string,
    digest: string,
    { maxBytes }: BlobOptions,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
    const pieces = await this.#open(pathOf(digest));
    if (!pieces) throw lacks(`it has no blob ${digest}`);
    yield* this.#upTo(pieces, pathOf(digest), maxBytes);
  }

  /** A layout that could be opened has shown itself. */
  async checkRepository(): Promise<void> {}

  /** What the index names, and what was cut off or left out, may be a signature. What has a name is called by that. */
  async checkWhole(image: string): Promise<void> {
    const { lost } = await this.#readOnce();
    const perhaps = this.#entries.find(
      ({ digest, mediaType, names }) =>
        lost.has(digest) &&
        digest !== image &&
        names.length === 0 &&
        imageTypes.includes(mediaType.toLowerCase()),
    );
    if (!perhaps) return;
    throw lacks(`index.json names ${perhaps.digest}, which is not there, and may be a signature`);
  }

  checkBudget(): void {
    const { budget, signal } = this.#options;
    if (signal?.aborted)
      throw fail("aborted", "The caller's signal stopped it.", "Start again when wanted.", signal.reason);
    if (budget.bytesLeft < 0) {
      throw bad(
        `Its manifests and signatures have more than ${budget.totalBytes} bytes.`,
        "Allow more with totalBytes.",
      );
    }
    if (budget.msLeft <= 0) {
      const message = `Reading the OCI layout took more than ${budget.totalTimeoutMs} ms.`;
      throw fail("timeout", message, "Try again, or give more time with totalTimeoutMs.");
    }
  }

  /** The entry that a tag names. Two that differ prove nothing. */
  #tagged(tag: string): LayoutEntry | undefined {
    const [, algorithm, hex, kind] = /^(sha\d+)-([0-9a-f]{32,})(\.\w+)?$/.exec(tag) ?? [];
    const derived = hex && derivedEntries(this.#entries, tag);
    const isSaved = derived?.length === 0 && kind === ".sig";
    // Of what `cosign save` put there, mostly one: others are found among the referrers.
    if (isSaved) return savedBeside(this.#entries, `${algorithm}:${hex}`)[0];
    const found = derived ? derived : taggedEntries(this.#entries.filter(isImage), this.#options.image, tag);
    const [first, ...others] = found;
    if (others.some(({ digest }) => digest !== first?.digest)) {
      throw bad(`Its index.json names several manifests ${tag}.`, "Name the image by its digest.");
    }
    return first;
  }

  /** A manifest by its digest; what is something else is no such manifest. */
  async #named(digest: string, most: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = await this.#whole(pathOf(digest), most);
    if (bytes && isDigest(digest) && !(await hasDigest(bytes, digest as Digest)))
      throw damaged(this.called, digest);
    return bytes;
  }

  #readOnce(): Promise<Related> {
    this.#related ??= this.#readRelated();
    return this.#related;
  }

  /** Which manifests of the index say that they are about another one. Each is read once. */
  async #readRelated(): Promise<Related> {
    const subjects = new Map<string, ListedDescriptor[]>();
    const lost = new Set<string>();
    const mayRefer = this.#entries.filter(({ mediaType }) => manifestTypes.includes(mediaType.toLowerCase()));
    const digests = [...new Set(mayRefer.map(({ digest }) => digest))];
    for (const digest of digests) {
      const bytes = await this.#named(digest, mostManifestBytes);
      this.checkBudget();
      if (!bytes) lost.add(digest);
      const manifest = bytes && readOrNothing(bytes);
      const subject = fieldOf(manifest?.subject, "digest");
      if (!manifest || !isText(subject)) continue;
      const type = isText(manifest.artifactType)
        ? manifest.artifactType
        : fieldOf(manifest.config, "mediaType");
      const mediaType = this.#entries.find((one) => one.digest === digest)?.mediaType ?? "";
      const listed = subjects.get(subject) ?? [];
      listed.push({ mediaType, digest, ...(isText(type) && { artifactType: type }) });
      if (listed.length > mostReferrers)
        throw bad(`More than ${mostReferrers} manifests refer to ${subject}.`);
      subjects.set(subject, listed);
    }
    return { subjects, lost };
  }

  /** All of a file that is not large. */
  async #whole(path: string, most: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    this.checkBudget();
    const pieces = await this.#open(path);
    if (!pieces) return undefined;
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of this.#upTo(pieces, path, most)) {
      parts.push(part);
      length += part.length;
      this.#options.budget.spend(part.length);
    }
    return joined(parts, length);
  }

  async #open(path: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    try {
      return await this.#options.files.read(path);
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  async *#upTo(
    pieces: AsyncIterable<Uint8Array>,
    path: string,
    most: number,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
    let length = 0;
    try {
      for await (const piece of pieces) {
        // A file may be longer than anybody waits for.
        this.checkBudget();
        length += piece.length;
        if (length > most) throw tooLarge(path, most);
        // Bytes of a file; no other code has their buffer.
        yield piece as Uint8Array<ArrayBuffer>;
      }
    } catch (error) {
      throw unreadable(path, error);
    }
  }
}

function pathOf(digest: string): string {
  if (!looksLikeDigest(digest)) throw bad("A digest is none.");
  return `blobs/${digest.replace(":", "/")}`;
}

function checkVersion(bytes: Uint8Array): void {
  let version: unknown;
  try {
    version = fieldOf(JSON.parse(new TextDecoder().decode(bytes)), "imageLayoutVersion");
  } catch {
    throw noLayout("its file oci-layout is no JSON");
  }
  if (version !== "1.0.0") throw noLayout("its file oci-layout does not name version 1.0.0");
}

/** What is damaged refers to nothing that can be told; whatever is asked for by name is read strictly. */
function readOrNothing(bytes: Uint8Array) {
  try {
    return manifestAt(bytes, "The manifest", "manifest");
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

function noLayout(why: string): OcisignErrorOf {
  const fix =
    "Name a folder or a tar that holds oci-layout and index.json at its root, as `skopeo copy docker://… oci:…` makes it.";
  return fail("bad-input", `This is no OCI layout: ${why.replace(/\.$/, "")}.`, fix);
}

function bad(what: string, fix = "Look at what is in the layout."): OcisignErrorOf {
  return fail("bad-reply", `The OCI layout cannot be used: ${what}`, fix);
}

function lacks(what: string): OcisignErrorOf {
  return fail("not-found", `The OCI layout is not whole: ${what}.`, "Make it anew from where it came from.");
}

/** By the cause that says it: a blob that is larger than announced makes a signature invalid. */
function tooLarge(path: string, most: number): OcisignErrorOf {
  const message = `The file ${path} of the OCI layout has more than ${most} bytes.`;
  return fail("bad-reply", message, "Look at what is in the layout.", new Fault(message));
}

function unreadable(path: string, error: unknown): unknown {
  if (error instanceof OcisignError) return error;
  const code = fieldOf(error, "code");
  const why = isText(code) ? ` (${code})` : "";
  return fail(
    "bad-reply",
    `The file ${path} of the OCI layout cannot be read${why}.`,
    "Check the layout and its permissions.",
    error,
  );
}
