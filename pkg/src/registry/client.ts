// A client of OCI registries (https://github.com/opencontainers/distribution-spec, v1.1): what verifying reads, and
// what attaching a signature writes. How a call is made is in call.ts, how it is allowed in auth.ts, and what a
// registry means by a reply in replies.ts. It is our own because no kept library reads registries from a browser,
// tells a proxy's 404 from a registry's, and limits sizes and times.

import { fail } from "../error.ts";
import type { Fetch } from "../http/fetch.ts";
import { isBrowser } from "../http/runtime.ts";
import { digestOf } from "../strict/digest.ts";
import { type Address, addressOf, looksLikeDigest } from "./address.ts";
import { Authenticator, type Scope } from "./auth.ts";
import { cancelBody } from "./body.ts";
import { Budget } from "./budget.ts";
import { type Access, type Asking, errorLimit, RegistryCall, type Reply } from "./call.ts";
import type { Hosts } from "./hosts.ts";
import { manifestTypes, mostManifestBytes, ociIndex } from "./media-types.ts";
import { type ListedDescriptor, mostReferrers } from "./referrers-index.ts";
import {
  checkNotHtml,
  checkTags,
  checkWholeBlob,
  checkWholeManifest,
  descriptorsIn,
  isUnknownManifest,
  lacksReferrers,
  manifestTypeOf,
  nextPage,
  refusal,
  refusalOfBlob,
} from "./replies.ts";
import type { RegistrySignIn } from "./sign-in.ts";
import type {
  BlobOptions,
  ContentSource,
  FoundManifest,
  ManifestOptions,
  Referrers,
  ReferrersOptions,
} from "./source.ts";
import type { After } from "./witness.ts";

export interface RegistryClientOptions extends RegistrySignIn {
  /** As in a reference: `registry.example:5000`. */
  readonly domain: string;
  /**
   * Where it is reached, when that is elsewhere, such as through a reverse proxy: https, or http on this machine.
   * Default `https://domain`; on this machine `http://domain`.
   */
  readonly url?: string | undefined;
  /** Called as `fetch(url, init)` in place of the platform's. */
  readonly fetch?: Fetch | undefined;
  /** Ends every call. */
  readonly signal?: AbortSignal | undefined;
  /** For one call of a method, tokens and second tries included, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** What all calls together may cost; without it, as much as they like. */
  readonly budget?: Budget | undefined;
  /** What a run of many images knows of hosts: each request waits for its turn. */
  readonly hosts?: Hosts | undefined;
  /** The tokens of a run of many images, in place of those of a sign-in. */
  readonly authenticator?: Authenticator | undefined;
}

const mostPages = 20;
/** What is asked for unless the caller takes more. */
const usual = manifestTypes.join(", ");

/** Replies to a first chunk by which registries say that they take a blob only as a whole. */
const lacksChunks: readonly number[] = [400, 404, 405, 411, 415, 416, 501];

/** A blob that is being pushed. */
export interface Upload {
  /** No chunk but the last may be smaller, in bytes. */
  readonly leastChunk: number;
  /** Sends the next chunk. @returns false when the registry takes no chunks: then nothing of it is there */
  send(bytes: Uint8Array<ArrayBuffer>): Promise<boolean>;
  /** Sends the last one, if any is left, and has the registry check the digest. */
  finish(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** A write that was done. The spec says 201 and 202; registries and proxies answer 200 and 204, too. */
function isDone({ status }: Reply): boolean {
  return status >= 200 && status <= 299;
}

/**
 * One registry. Nothing that it sends is believed: digests are the caller's to check, and the header
 * `Docker-Content-Digest` is not even looked at.
 *
 * For a browser, a registry must allow the page's origin (CORS), with the headers `Accept`, `Authorization` and
 * `Content-Type`, and expose `Docker-Distribution-Api-Version`, `WWW-Authenticate`, `Link`, `Location`,
 * `OCI-Filters-Applied`, `OCI-Subject` and `Retry-After`.
 *
 * @example
 * const registry = new RegistryClient({ domain: "registry.example" });
 * const found = await registry.manifest("team/app", "sha256-3fbc….sig");
 */
export class RegistryClient implements ContentSource {
  readonly called = "registry";
  #options: RegistryClientOptions;
  #address: Address;
  #authenticator: Authenticator;
  #budget: Budget;
  #accesses = new Map<Scope, Access>();
  /** Repositories that a manifest was read from. */
  #known = new Set<string>();

  constructor(options: RegistryClientOptions) {
    const { domain, url, username, password } = options;
    this.#options = options;
    this.#budget = options.budget ?? new Budget(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    this.#address = addressOf(domain, url);
    if ((username === undefined) !== (password === undefined) || username?.includes(":")) {
      const what = "The registry's username and password belong together, and a username has no colon.";
      throw fail("bad-input", what, "Give both, or neither.");
    }
    this.#authenticator = options.authenticator ?? new Authenticator(options);
  }

  /** Where it is reached. */
  get origin(): string {
    return this.#address.origin;
  }

  /**
   * Reads a manifest (§ Pulling manifests). Undefined only when the registry itself says that it has no such
   * manifest, see {@link isUnknownManifest}. Some registries say so of a missing repository too: to conclude
   * something from it, read the image's own manifest first, with the same client, or call {@link checkRepository}.
   *
   * What a manifest says that it is counts where the registry's label says nothing, such as `application/json`. What is
   * asked for by its digest may come from another host, since the digest shows whether it is that. A tag may not.
   *
   * @param reference a tag or a digest
   */
  manifest(
    repository: string,
    reference: string,
    {
      maxBytes = mostManifestBytes,
      accept = manifestTypes,
      anyType = false,
      after,
      witness,
    }: ManifestOptions = {},
  ): Promise<FoundManifest | undefined> {
    return this.#call(`Reading ${repository}, ${reference}`, async (call) => {
      const url = this.#address.manifest(repository, reference);
      // Always all of them: docker's registry says MANIFEST_UNKNOWN also of a manifest whose type is not asked for.
      const all = accept === manifestTypes ? usual : [...new Set([...manifestTypes, ...accept])].join(", ");
      const headers = { accept: all };
      const isByDigest = looksLikeDigest(reference);
      const asking = { headers, limit: maxBytes, mayLeave: isByDigest };
      const reply = await this.#judgeable(call, repository, url, asking, after);
      if (isUnknownManifest(call, reply, this.#isKnown(repository, after))) return undefined;
      if (reply.status !== 200) throw refusal(call, reply);
      checkNotHtml(call, reply);
      if (!isByDigest) checkWholeManifest(call, reply);
      const mediaType = manifestTypeOf(reply, isByDigest);
      if (!anyType && !accept.some((type) => type.toLowerCase() === mediaType)) {
        const what = mediaType
          ? "a manifest came with a media type that was not asked for"
          : "a manifest came without Content-Type";
        throw call.error("bad-reply", `${what}.`, "Look at what was pushed there.");
      }
      // What came from elsewhere says nothing of this repository.
      if (!reply.elsewhere) {
        this.#known.add(repository);
        witness?.saw(repository);
      }
      return { bytes: reply.bytes, mediaType };
    });
  }

  /**
   * Throws unless the repository has shown itself: a manifest was read from it, or it lists its tags (§ Listing Tags).
   * Many registries answer for a repository that does not exist as for a manifest that does not.
   */
  async checkRepository(repository: string): Promise<void> {
    if (this.#known.has(repository)) return;
    await this.#call(`Looking for the repository ${repository}`, async (call) => {
      const url = this.#address.tags(repository);
      const reply = await this.#read(call, repository, url, { limit: mostManifestBytes });
      if (reply.status !== 200) throw refusal(call, reply);
      checkTags(call, reply);
      this.#known.add(repository);
    });
  }

  /**
   * Lists what refers to a manifest (§ Listing Referrers), all pages of it. Undefined when the registry has no
   * referrers API: then look under the tag `sha256-…` (§ Referrers Tag Schema).
   *
   * The descriptors are filtered by `artifactType` here as well, since a registry may leave that to us. In a
   * browser, only the first page is seen if the registry does not expose the header `Link`.
   */
  referrers(
    repository: string,
    digest: string,
    { artifactType, after }: ReferrersOptions = {},
  ): Promise<Referrers | undefined> {
    return this.#call(`Listing the referrers of ${repository}, ${digest}`, async (call) => {
      let url: URL | undefined = this.#address.referrers(repository, digest);
      if (artifactType !== undefined) url.searchParams.set("artifactType", artifactType);
      let manifests: ListedDescriptor[] = [];
      for (let page = 1; url; page++) {
        if (page > mostPages) {
          const what = `there are more than ${mostPages} pages of them.`;
          throw call.error(
            "bad-reply",
            what,
            "Remove what does not belong there; a part of them proves nothing.",
          );
        }
        const asking = { headers: { accept: ociIndex }, limit: mostManifestBytes };
        const reply = await this.#judgeable(call, repository, url, asking, after, true);
        if (page === 1 && lacksReferrers(reply, this.#isKnown(repository, after))) return undefined;
        if (reply.status !== 200) throw refusal(call, reply);
        checkNotHtml(call, reply);
        manifests = manifests.concat(descriptorsIn(call, reply, artifactType !== undefined));
        if (manifests.length > mostReferrers) {
          const what = `there are more than ${mostReferrers} of them.`;
          throw call.error("bad-reply", what, "Remove what does not belong there.");
        }
        url = nextPage(call, reply, this.#address.locate);
      }
      const isWanted = (it: ListedDescriptor) =>
        !artifactType || !it.artifactType || it.artifactType === artifactType;
      return { manifests: manifests.filter(isWanted), from: "referrers" };
    });
  }

  /**
   * Reads a blob (§ Pulling blobs), also from where the registry redirects to. The caller checks it by its digest.
   */
  blob(
    repository: string,
    digest: string,
    { maxBytes, forVerdict }: BlobOptions,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.#call(`Reading the blob ${digest} of ${repository}`, async (call) => {
      const url = this.#address.blob(repository, digest);
      const reply = await this.#read(call, repository, url, { limit: maxBytes, mayLeave: true });
      if (reply.status !== 200) throw forVerdict ? refusalOfBlob(call, reply) : refusal(call, reply);
      checkNotHtml(call, reply);
      if (forVerdict) await checkWholeBlob(call, reply, { digest, maxBytes });
      return reply.bytes;
    });
  }

  /**
   * Reads a blob piece by piece, as {@link blob} does in one: one that is too large to be kept. Nothing of it may be
   * believed before the caller has seen all of it, and its digest. Each piece has `timeoutMs`.
   *
   * @throws when its first piece is asked for, or any other
   */
  async *blobPieces(
    repository: string,
    digest: string,
    { maxBytes }: BlobOptions,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
    const call = this.#newCall(`Reading the blob ${digest} of ${repository}`);
    const url = this.#address.blob(repository, digest);
    const asking = { limit: maxBytes, mayLeave: true, leavesOpen: true };
    const reply = await this.#read(call, repository, url, asking);
    try {
      if (reply.status !== 200) throw refusal(call, reply);
      checkNotHtml(call, reply);
    } catch (error) {
      cancelBody(reply.open);
      throw error;
    }
    yield* call.pieces(reply, maxBytes);
  }

  /**
   * Pushes a blob, POST then PUT (§ Pushing a blob monolithically).
   *
   * @returns its digest
   */
  pushBlob(repository: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    return this.#call(`Pushing a blob to ${repository}`, async (call) => {
      const digest = await digestOf(bytes);
      const opened = await this.#write(call, repository, this.#address.uploads(repository), "POST");
      if (!isDone(opened)) throw refusal(call, opened);
      await this.#finishUpload(call, repository, this.#uploadAt(call, opened), digest, bytes);
      return digest;
    });
  }

  /** Does the registry say that it has this blob? (§ Checking if content exists in the registry) */
  hasBlob(repository: string, digest: string): Promise<boolean> {
    const doing = `Looking for the blob ${digest} of ${repository}`;
    return this.#has(doing, repository, this.#address.blob(repository, digest), {});
  }

  /** The same of a manifest, by its digest. */
  hasManifest(repository: string, digest: string): Promise<boolean> {
    const doing = `Looking for ${repository}, ${digest}`;
    return this.#has(doing, repository, this.#address.manifest(repository, digest), { accept: usual });
  }

  /**
   * Begins to push a blob in chunks (§ Pushing a blob in chunks), unless the registry takes it from a repository of its
   * own (§ Mounting a blob from another repository).
   *
   * @param from a repository of the same registry that holds it
   * @returns undefined when the blob is there now
   */
  beginUpload(repository: string, digest: string, from?: string): Promise<Upload | undefined> {
    const doing = `Pushing the blob ${digest} to ${repository}`;
    return this.#call(doing, async (call) => {
      const url = this.#address.uploads(repository);
      if (from !== undefined) {
        url.searchParams.set("mount", digest);
        url.searchParams.set("from", this.#address.name(from));
      }
      const opened = await this.#write(call, repository, url, "POST");
      if (!isDone(opened)) throw refusal(call, opened);
      if (from !== undefined && opened.status === 201) return undefined;
      return this.#uploadFrom(doing, repository, digest, this.#uploadAt(call, opened), opened);
    });
  }

  #uploadFrom(doing: string, repository: string, digest: string, begun: URL, opened: Reply): Upload {
    let at = begun;
    let sent = 0;
    // Each chunk is a call of its own, with the time that one has.
    return {
      leastChunk: Number(opened.header("oci-chunk-min-length")) || 0,
      send: (bytes) =>
        this.#call(doing, async (call) => {
          const range = `${sent}-${sent + bytes.length - 1}`;
          const headers = { "content-type": "application/octet-stream", "content-range": range };
          const reply = await this.#write(call, repository, at, "PATCH", bytes, headers);
          if (sent === 0 && lacksChunks.includes(reply.status)) return false;
          if (!isDone(reply)) throw refusal(call, reply);
          at = this.#uploadAt(call, reply);
          sent += bytes.length;
          return true;
        }),
      finish: (bytes) => this.#call(doing, (call) => this.#finishUpload(call, repository, at, digest, bytes)),
    };
  }

  async #finishUpload(
    call: RegistryCall,
    repository: string,
    at: URL,
    digest: string,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<void> {
    const url = new URL(at);
    // Added as text: what stands there is the registry's own, and may change its meaning when written anew.
    url.search += `${url.search ? "&" : "?"}digest=${encodeURIComponent(digest)}`;
    const headers = { "content-type": "application/octet-stream" };
    const done = await this.#write(call, repository, url, "PUT", bytes, headers);
    if (!isDone(done)) throw refusal(call, done);
  }

  /** Where an upload goes on. */
  #uploadAt(call: RegistryCall, reply: Reply): URL {
    const location = reply.header("location");
    if (!location) {
      const fix = isBrowser()
        ? "Let the registry expose the header Location to this page (CORS)."
        : "Check registry.url; a proxy may have left out the header Location.";
      throw call.error("bad-reply", "the registry does not say where to upload to.", fix);
    }
    const url = this.#address.locate(location, reply.url);
    if (!url || url.origin !== this.#address.origin || url.username || url.password) {
      const fix =
        "Correct the registry's configuration of its own address, or reach it there with registry.url.";
      const other =
        url && (url.username || url.password ? "a URL with a user in it" : `${url.protocol}//${url.host}`);
      const where = other ? `${other}, not at ${this.#address.origin}` : "what is no URL";
      throw call.error("redirected", `the registry wants the upload at ${where}.`, fix);
    }
    return url;
  }

  #has(doing: string, repository: string, url: URL, headers: Record<string, string>): Promise<boolean> {
    return this.#call(doing, async (call) => {
      const asking = { method: "HEAD", headers, mayLeave: true } as const;
      const reply = await this.#request(call, url, this.#pushScopeOf(repository), asking);
      if (reply.status === 200) {
        // A sign-in page says so of everything.
        checkNotHtml(call, reply);
        return true;
      }
      // Nothing is concluded from it but that it is pushed: whoever may not do that is told so then.
      if (reply.status === 404) return false;
      throw refusal(call, reply);
    });
  }

  /**
   * Pushes a manifest (§ Pushing Manifests).
   *
   * @param reference a tag or a digest
   * @returns its digest
   */
  async pushManifest(
    repository: string,
    reference: string,
    bytes: Uint8Array<ArrayBuffer>,
    mediaType: string,
  ): Promise<string> {
    const digest = await digestOf(bytes);
    return this.#push(repository, reference, bytes, mediaType, () => digest);
  }

  /**
   * Pushes a manifest that refers to another one (§ Pushing Manifests with Subject).
   *
   * @param subject the digest of the other one
   * @returns whether the registry says that it lists it by itself; in a browser, only if it exposes `OCI-Subject`
   */
  async pushReferrer(
    repository: string,
    bytes: Uint8Array<ArrayBuffer>,
    mediaType: string,
    subject: string,
  ): Promise<boolean> {
    const says = ({ header }: Reply) => header("oci-subject") === subject;
    return this.#push(repository, await digestOf(bytes), bytes, mediaType, says);
  }

  #push<Result>(
    repository: string,
    reference: string,
    bytes: Uint8Array<ArrayBuffer>,
    mediaType: string,
    result: (reply: Reply) => Result,
  ): Promise<Result> {
    return this.#call(`Pushing ${repository}, ${reference}`, async (call) => {
      const url = this.#address.manifest(repository, reference);
      const reply = await this.#write(call, repository, url, "PUT", bytes, {
        "content-type": mediaType,
      });
      if (!isDone(reply)) throw refusal(call, reply);
      return result(reply);
    });
  }

  /** Throws when all calls together have cost what they may. */
  checkBudget(): void {
    this.#newCall("Reading").checkBudget();
  }

  #call<T>(doing: string, work: (call: RegistryCall) => Promise<T>): Promise<T> {
    return work(this.#newCall(doing));
  }

  #newCall(doing: string): RegistryCall {
    const { domain, fetch, signal, timeoutMs = 30_000, hosts } = this.#options;
    const withoutSecrets = (text: string) => this.#authenticator.withoutSecrets(text);
    const { fix: signInFix, isAnonymous } = this.#authenticator;
    const limits = { timeoutMs, budget: this.#budget, signInFix, isSignedIn: !isAnonymous };
    return new RegistryCall({
      doing: `${domain}: ${doing}`,
      fetch,
      signal,
      withoutSecrets,
      hosts,
      ...limits,
    });
  }

  /**
   * A reply that can be judged. What is said to somebody without rights may be less than what there is: it is asked for
   * once more, if somebody signed in meanwhile.
   *
   * @param isList a list may be shorter for some
   */
  async #judgeable(
    call: RegistryCall,
    repository: string,
    url: URL,
    asking: Asking,
    after: After | undefined,
    isList = false,
  ): Promise<Reply> {
    const reply = await this.#read(call, repository, url, asking);
    if (!after || (reply.status === 200 && !(isList && reply.used === undefined))) return reply;
    await after.settled;
    const now = this.#authenticator.header(this.#scopeOf(repository));
    const isOutdated = now !== undefined && now !== reply.used && !reply.elsewhere;
    return isOutdated ? this.#read(call, repository, url, asking) : reply;
  }

  /** Has the repository shown itself, by what stands before? */
  #isKnown(repository: string, after: After | undefined): boolean {
    if (!after) return this.#known.has(repository);
    return after.witnesses.some((witness) => witness.sees(repository));
  }

  #scopeOf(repository: string): Scope {
    return `repository:${this.#address.name(repository)}:pull`;
  }

  #read(call: RegistryCall, repository: string, url: URL, asking: Asking): Promise<Reply> {
    return this.#request(call, url, this.#scopeOf(repository), asking);
  }

  #write(
    call: RegistryCall,
    repository: string,
    url: URL,
    method: "POST" | "PUT" | "PATCH",
    body?: Uint8Array<ArrayBuffer>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Reply> {
    return this.#request(call, url, this.#pushScopeOf(repository), {
      method,
      ...(headers && { headers }),
      ...(body && { body }),
    });
  }

  #pushScopeOf(repository: string): Scope {
    return `repository:${this.#address.name(repository)}:pull,push`;
  }

  async #request(call: RegistryCall, url: URL, scope: Scope, asking: Asking): Promise<Reply> {
    const entered = this.#budget.enter(asking.limit ?? errorLimit);
    const turn = this.#authenticator.turn(this.#address.origin, scope);
    const leave = typeof entered === "function" ? entered : await entered;
    if (typeof turn === "object") await turn;
    try {
      const reply = await call.request(url, asking, this.#accessFor(scope));
      if (reply.status < 400 && !reply.elsewhere) this.#authenticator.worked(scope, reply.used);
      return reply;
    } finally {
      if (turn === "first") this.#authenticator.goOn(scope);
      leave();
    }
  }

  #accessFor(scope: Scope): Access {
    const authenticator = this.#authenticator;
    const access = this.#accesses.get(scope) ?? {
      authorization: () => authenticator.header(scope),
      challenged: (call, reply, used) => authenticator.answer(call, reply, used, scope),
      isOpen: authenticator.isAnonymous,
      locate: this.#address.locate,
    };
    this.#accesses.set(scope, access);
    return access;
  }
}
