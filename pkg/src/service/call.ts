// One call to the service, from the first try to the JSON of the reply. What to do about an answer is the module's
// decision (src/exchange.rs): a POST is never repeated after a doubt.
import { harmless, headers, lookFirst } from "../core.ts";
import { fail, OcisignError, type OcisignErrorOf, type Taken, type UnplacedErrorCode } from "../error.ts";
import { fieldOf, hasMethod, isA, isText } from "../foreign.ts";
import { pause, within } from "../http/deadline.ts";
import type { Fetch } from "../http/fetch.ts";
import { retryAfterSeconds } from "../http/retry-after.ts";
import { adviceOn } from "../http/silence.ts";
import { travel } from "../http/travel.ts";
import { Call, type Retry } from "./exchange.ts";
import type { ActingMethod } from "./profile.ts";
import { parseReply, type Reply, wordsIn } from "./reply.ts";
import type { Tokens } from "./token-source.ts";
import { withoutToken } from "./without-token.ts";

/** What every call needs. */
export interface Settings {
  readonly token: Tokens;
  /** The caller's own. */
  readonly fetch: Fetch | undefined;
  readonly timeoutMs: number;
  readonly retry: Retry;
}

/** What is asked. */
export interface Task {
  /** What messages say was attempted. */
  readonly doing: string;
  readonly url: string;
  /** With it, the call acts: it is never sent again after a doubt. Without it, it is a GET. */
  readonly method?: ActingMethod | undefined;
  /** JSON. */
  readonly body?: string | undefined;
  /** The caller's. */
  readonly signal?: AbortSignal | undefined;
  /** In place of the client's. */
  readonly retry?: Retry | undefined;
}

/** A reply whose text was read. */
interface Answer {
  readonly status: number;
  readonly retryAfter: number | undefined;
  /** The header `Link`. */
  readonly link: string | undefined;
  readonly text: string;
}

/** One try: a reply, or the error of having none. */
type Try = { readonly answer: Answer } | { readonly error: OcisignErrorOf };

/** Calls the service, as often as the rules allow, and parses the reply. */
export async function call(settings: Settings, task: Task): Promise<Reply> {
  const { doing, signal } = task;
  const exchange = new Call(task.method !== undefined, task.retry ?? settings.retry);
  checkSignal(signal);
  let token = settings.token.kept ?? (await stoppable(signal, () => settings.token.current()));
  for (;;) {
    const tried = await send(settings, task, token, exchange);
    const answer = "answer" in tried ? tried.answer : undefined;
    const step = exchange.next(answer?.status, answer?.retryAfter);
    if (answer && step === "read") {
      return { ...parseReply(answer.text, doing, exchange.taken(answer.status)), link: answer.link };
    }
    const refused = token;
    const other =
      step === "ask" ? await stoppable(signal, () => settings.token.insteadOf(refused)) : undefined;
    if (other) token = other;
    else if (typeof step === "number") await pause(step, signal);
    else throw errorOf(tried, task, token, exchange);
    checkSignal(signal);
  }
}

function errorOf(tried: Try, { doing }: Task, token: string, exchange: Call): unknown {
  if ("error" in tried) return tried.error;
  const { status, retryAfter = 0, text } = tried.answer;
  const error = exchange.failure(doing, status, tried.answer.retryAfter, wordsIn(text, token));
  asked.set(error, retryAfter * 1000);
  return error;
}

/** By error: the milliseconds that the service asked to wait. */
const asked = new WeakMap<object, number>();

/** How long the service asked to wait when a call failed with this error, in milliseconds. */
export function askedMs(error: object): number {
  return asked.get(error) ?? 0;
}

async function send(settings: Settings, task: Task, token: string, exchange: Call): Promise<Try> {
  const { fetch, timeoutMs } = settings;
  const outcome = await within(timeoutMs, task.signal, (signal) => ask(settings, task, token, signal));
  if ("value" in outcome) return { answer: outcome.value };
  checkSignal(task.signal, exchange.taken());
  if ("stopped" in outcome) {
    return { error: noReply(task, exchange, "timeout", `no answer within ${Math.floor(timeoutMs)} ms`) };
  }
  if (isA(outcome.error, OcisignError)) throw outcome.error;
  // What a fetch says may quote what it was called with, and a replaced one may keep the token in its errors.
  const said = saidBy(outcome.error);
  const why = `no answer: ${harmless(withoutToken(said[0] ?? "", token))}`;
  const keepsToken = fetch || said.some((text) => withoutToken(text, token) !== text);
  return { error: noReply(task, exchange, "network", why, keepsToken ? undefined : outcome.error) };
}

async function ask(
  settings: Settings,
  { url, method: acting, body }: Task,
  token: string,
  signal: AbortSignal,
): Promise<Answer> {
  const own = settings.fetch ?? fetch;
  const method = acting ?? "GET";
  const fields = fieldsOf(settings, token, body !== undefined);
  // A `Request` would be made a second time by the platform, and its body streamed.
  return readAnswer(
    await own(url, { method, headers: fields, signal, ...travel(), ...(body !== undefined && { body }) }),
  );
}

/** The header fields of a client's last call: those of the next one are mostly the same. */
const lastFields = new WeakMap<
  Settings,
  { token: string; hasBody: boolean; fields: Record<string, string> }
>();

function fieldsOf(settings: Settings, token: string, hasBody: boolean): Record<string, string> {
  let last = lastFields.get(settings);
  if (last?.token !== token || last.hasBody !== hasBody) {
    last = { token, hasBody, fields: headers(token, hasBody) };
    lastFields.set(settings, last);
  }
  // A replaced fetch may write into what it gets.
  return { ...last.fields };
}

/** A replaced fetch may return anything: status and text are what is needed. */
async function readAnswer(reply: unknown): Promise<Answer> {
  const status = fieldOf(reply, "status");
  if (typeof status !== "number" || !(status >= 0 && status <= 999) || !hasMethod(reply, "text")) {
    throw new Error("fetch returned no status and text()");
  }
  const fields = fieldOf(reply, "headers");
  const header = (name: string) => {
    const value = hasMethod(fields, "get") ? fields.get(name) : undefined;
    return isText(value) ? value : undefined;
  };
  const retryAfter = retryAfterSeconds(header);
  const link = header("link");
  const text = await reply.text();
  if (!isText(text)) throw new Error("text() gave no text");
  return { status, retryAfter, link, text };
}

function noReply(
  task: Task,
  exchange: Call,
  code: UnplacedErrorCode,
  why: string,
  cause?: unknown,
): OcisignErrorOf {
  const taken = exchange.taken();
  const fix = taken === "maybe" ? lookFirst() : code === "timeout" ? moreTime : adviceOn(why);
  return new OcisignError(code, `${task.doing}: ${why}.`, fix, undefined, cause, taken);
}

const moreTime = "Try again; timeoutMs gives more time.";

/**
 * Waits without a time limit of its own: for a token, which may take as long as a person takes to sign in, and for
 * what another call reads. Only the signal ends it.
 */
export async function stoppable<T>(signal: AbortSignal | undefined, work: () => PromiseLike<T>): Promise<T> {
  if (!signal) return work();
  checkSignal(signal);
  const outcome = await within(undefined, signal, work);
  checkSignal(signal);
  if ("value" in outcome) return outcome.value;
  throw "error" in outcome ? outcome.error : undefined;
}

/** Ends the call if the caller wants it to. @param taken whether the service may have taken it by now */
export function checkSignal(signal: AbortSignal | undefined, taken: Taken = "no"): void {
  if (!signal?.aborted) return;
  const message = "The caller's signal stopped it.";
  const fix = "Start again; what the service has accepted stays.";
  if (taken === "no") throw fail("aborted", message, fix, signal.reason);
  throw new OcisignError("aborted", message, fix, undefined, signal.reason, taken);
}

/** What an error says, the innermost and plainest first, such as `connect ECONNREFUSED 127.0.0.1:1`. */
function saidBy(cause: unknown): string[] {
  try {
    const inner = fieldOf(cause, "cause");
    const said = [fieldOf(inner, "message"), fieldOf(inner, "code"), fieldOf(cause, "message")];
    return said.filter(isText).filter(Boolean);
  } catch {
    // Whatever a replaced fetch throws, it is no reply.
    return [];
  }
}
