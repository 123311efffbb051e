// `ocisign sign --from-file`: one image after the other. Everything is checked before anything is sent, and each
// request is told at once, so that neither a failure nor Ctrl-C loses an id.

import type { ErrorCode, ImageReference, Product, ReferenceScan, Signing } from "ocisign";
import { type RequestDetails, request } from "./acting.ts";
import { explain, type Failure, failureDocument, failureText } from "./failure.ts";
import { claimStdin, readStdin, readText } from "./input.ts";
import { type LibraryError, libraryError } from "./library-error.ts";
import type { Output } from "./output.ts";
import { exitCode, Problem } from "./problem.ts";
import { type ProductSeen, productToRequest, uncheckedOf } from "./product-seen.ts";
import { exitFor, paintedState } from "./request-text.ts";
import { resumeWith } from "./resume.ts";
import type { Session } from "./session.ts";
import { visible } from "./visible.ts";
import { waitFor } from "./wait.ts";
import { couldBeSecret, shownReference, withheld } from "./withheld.ts";

export interface BatchOptions {
  readonly wait: boolean;
  readonly timeout: number | undefined;
  readonly details: RequestDetails;
  /** Request although the product may not be read. */
  readonly mayBeUnread: boolean;
}

/** What came of a file. */
export interface BatchOutcome {
  readonly requested: number;
  readonly document: unknown;
  readonly exit: number;
}

interface Entry {
  readonly line: number;
  readonly image: ImageReference;
}

interface Requested {
  readonly entry: Entry;
  /** That nothing here could check it, if that is so. */
  readonly told: ReturnType<typeof uncheckedOf>;
  signing: Signing;
}

interface Failed {
  readonly entry: Entry;
  readonly failure: Failure;
}

export async function signFromFile(
  session: Session,
  file: string,
  options: BatchOptions,
): Promise<BatchOutcome> {
  const batch = await Batch.read(session, file, options);
  try {
    await batch.requestAll();
    if (options.wait) await batch.waitForAll();
  } finally {
    batch.summarize();
  }
  return { requested: batch.requested.length, document: batch.document, exit: batch.exit };
}

class Batch {
  readonly #session: Session;
  readonly #options: BatchOptions;
  readonly #product: ProductSeen;
  readonly #entries: readonly Entry[];
  readonly #failed: Failed[] = [];
  readonly requested: Requested[] = [];

  static async read(session: Session, file: string, options: BatchOptions): Promise<Batch> {
    // Two readers of standard input are refused before anything is read.
    if (file === "-") claimStdin("--from-file -");
    const name = file === "-" ? "standard input" : visible(file);
    const text = file === "-" ? await readStdin("--from-file -") : readText(file, "--from-file");
    const entries = await readEntries(session.output, text, name);
    const wanted = session.settings.product?.value;
    const product = await productToRequest(session, wanted, options.details.operation, options.mayBeUnread);
    if (product.product) await checkRegistries(entries, product.product, name);
    return new Batch(session, options, product, entries);
  }

  private constructor(
    session: Session,
    options: BatchOptions,
    product: ProductSeen,
    entries: readonly Entry[],
  ) {
    this.#session = session;
    this.#options = options;
    this.#product = product;
    this.#entries = entries;
  }

  async requestAll(): Promise<void> {
    const { output } = this.#session;
    for (const [at, entry] of this.#entries.entries()) {
      const { canonical } = entry.image;
      output.progress(`requesting ${at + 1} of ${this.#entries.length}: ${canonical}`);
      const failure = await this.#request(entry);
      if (!failure) continue;
      output.note(`line ${entry.line}: ${canonical}\n${failureText(failure, output)}`);
      if (!isOfOneImage(failure)) return;
    }
  }

  async #request(entry: Entry): Promise<Failure | undefined> {
    const { wait, details } = this.#options;
    try {
      const signing = await request(this.#session, this.#product, entry.image, details);
      this.requested.push({ entry, signing, told: uncheckedOf(signing) });
      if (wait) this.#session.output.note(`requested ${visible(signing.id)}  ${entry.image.canonical}`);
      else this.#tell(entry, signing);
      return undefined;
    } catch (error) {
      if (this.#session.signal.aborted) throw error;
      const failure = explain(error, this.#session);
      this.#failed.push({ entry, failure });
      return failure;
    }
  }

  /** The service works on all requests at the same time, so waiting for one after the other takes no longer. */
  async waitForAll(): Promise<void> {
    const { timeout } = this.#options;
    const until = timeout === undefined ? undefined : performance.now() + timeout;
    for (const outcome of this.requested) {
      const left = until === undefined ? undefined : until - performance.now();
      if (left === undefined || left > 0) {
        outcome.signing = await waitFor(this.#session, outcome.signing.id, outcome.signing, left);
      }
      this.#tell(outcome.entry, outcome.signing);
    }
  }

  #tell({ image }: Entry, signing: Signing): void {
    const { output } = this.#session;
    output.print(`${visible(signing.id)}  ${paintedState(signing, output)}  ${image.canonical}`);
  }

  summarize(): void {
    const { requested } = this;
    const { output, signal } = this.#session;
    output.settle();
    // Where standard output is not read any more, the ids are told here.
    for (const { entry, signing } of output.isHeard ? [] : requested) {
      output.note(`requested ${visible(signing.id)}  ${entry.image.canonical}`);
    }
    const parts = [`${requested.length} of ${counted(this.#entries.length, "image")} requested`];
    if (this.#failed.length > 0) parts.push(`${this.#failed.length} failed`);
    const [next] = this.#left;
    if (next) parts.push(`${this.#left.length} not requested, from line ${next.line} on`);
    output.note(`${parts.join(", ")}.`);
    const pending = requested.find(({ signing }) => !signing.final);
    if (signal.aborted && pending) {
      this.#session.resume = resumeWith(this.#session, ["status", pending.signing.id, "--wait"]);
    }
    // Here, since an interrupted run has no result, and its document must not lose an id either.
    output.answer(this.document);
  }

  get document(): unknown {
    return {
      requested: this.requested.map(({ entry, signing, told }) => {
        return { ...place(entry), signing: { ...signing, ...told } };
      }),
      failed: this.#failed.map(({ entry, failure }) => ({ ...place(entry), ...failureDocument(failure) })),
      notRequested: this.#left.map(place),
    };
  }

  get exit(): number {
    if (this.#left.length > 0 || this.#failed.length > 0) return exitCode.error;
    if (!this.#options.wait) return exitCode.done;
    const exits = this.requested.map(({ signing }) => exitFor(signing));
    return [exitCode.refused, exitCode.waiting].find((exit) => exits.includes(exit)) ?? exitCode.done;
  }

  get #left(): readonly Entry[] {
    return this.#entries.slice(this.requested.length + this.#failed.length);
  }
}

/** A refusal of one image says nothing about the next. Other failures would repeat; a doubt is for a person. */
function isOfOneImage({ code, taken }: Failure): boolean {
  return taken === "no" && ofOneImage.includes(code);
}

const ofOneImage: readonly string[] = ["bad-request", "conflict", "not-found"] satisfies ErrorCode[];

async function readEntries(output: Output, text: string, file: string): Promise<Entry[]> {
  const { parseReference, scanReferences } = await import("ocisign");
  // A line of spaces, or an indented comment, is no mistake.
  const { references, errors } = scanReferences(text.replace(/^[ \t]+(#.*)?$/gm, ""));
  if (errors.length > 0) throw await notImages(errors, file);
  if (references.length === 0) {
    throw new Problem("bad-file", `${file} names no image.`, "Write one image a line; # begins a comment.");
  }
  const entries = references.map(({ line, canonical }) => ({ line, image: parseReference(canonical) }));
  return withoutRepetitions(entries, output);
}

async function notImages(errors: ReferenceScan["errors"], file: string): Promise<Problem> {
  if (errors.some(({ text }) => couldBeSecret(text))) {
    const what = `${file} could hold a secret: line ${errors[0]?.line} does not name an image.`;
    return new Problem("bad-file", what, "Name a file that lists images, one a line. Nothing was sent.");
  }
  const { parseReference } = await import("ocisign");
  const { allOf, problemsOf } = await import("./reference-problems.ts");
  const told = errors.map((error) => {
    return {
      error,
      all: allOf(problemsOf(error.text, { ...error, taken: "no" }, parseReference), error.text),
    };
  });
  const shown = told.map(({ error, all }) => {
    const mark = all.shown?.replace(/^/gm, "  ");
    const lines = [visible(all.message), ...(mark ? [mark] : []), `  ${visible(all.fix)}`];
    return `${file}:${error.line}:${error.offset + 1}: ${lines.join("\n")}`;
  });
  const lines = told.map(({ error, all: { problems } }) => {
    return { ...error, text: shownReference(error.text) ?? withheld, problems };
  });
  const what = `${counted(errors.length, "line")} of ${file} ${errors.length === 1 ? "does" : "do"} not name an image.`;
  const fix = "Correct these lines, then start again. Nothing was sent.";
  return new Problem("bad-reference", what, fix, { shown: shown.join("\n"), lines });
}

function withoutRepetitions(entries: readonly Entry[], output: Output): Entry[] {
  const first = new Map<string, Entry>();
  for (const entry of entries) {
    const earlier = first.get(entry.image.canonical);
    if (earlier) output.note(`Line ${entry.line} repeats line ${earlier.line}; the image is requested once.`);
    else first.set(entry.image.canonical, entry);
  }
  return [...first.values()];
}

async function checkRegistries(entries: readonly Entry[], product: Product, file: string): Promise<void> {
  const { checkRegistry } = await import("ocisign");
  const wrong: { entry: Entry; refused: LibraryError }[] = [];
  for (const entry of entries) {
    try {
      checkRegistry(entry.image, product);
    } catch (error) {
      const refused = libraryError(error);
      if (!refused) throw error;
      wrong.push({ entry, refused });
    }
  }
  const [first] = wrong;
  if (!first) return;
  const shown = wrong.map(({ entry, refused }) => `${file}:${entry.line}: ${visible(refused.message)}`);
  const lines = wrong.map(({ entry, refused: { code, message, fix } }) => {
    return { ...place(entry), code, message, fix };
  });
  const what = `${counted(wrong.length, "image")} of ${file} cannot be signed with this product.`;
  const fix = `${first.refused.fix} Nothing was sent.`;
  throw new Problem(first.refused.code, what, fix, { shown: shown.join("\n"), lines });
}

function place({ line, image }: Entry): { line: number; reference: string } {
  return { line, reference: image.canonical };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
