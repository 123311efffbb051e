// Is the signature of this digest requested already? A run that was killed may have requested it, and a second request
// would give approvers the same work twice.
import { isRecord, isText } from "../foreign.ts";
import type { SigningClient } from "../service/client.ts";
import { isSameId } from "../service/same-id.ts";
import type { Signing } from "../service/signing.ts";
import { dateOf } from "../shown/date.ts";
import { digestIn, type RequestedDigest } from "./form.ts";

/** Of which product and operation. */
export interface DigestAsked extends RequestedDigest {
  readonly productId: string;
  readonly operationId: string;
}

/** A list may leave out what its requests are about. No more of them are read one by one. */
const mostReads = 200;

/**
 * The request that the service has for this digest: one that is signed, or else the newest that has not ended. A request
 * with a code that the profile does not explain may still wait.
 */
export async function earlierDigest(
  client: SigningClient,
  asked: DigestAsked,
  signal: AbortSignal | undefined,
): Promise<Signing | undefined> {
  const { digests } = client.profile;
  const standing = (await client.signings(undefined, { signal })).filter(
    (it) => stands(it) && mayBe(it, asked),
  );
  const bare = standing.filter(({ payload }) => !isRecord(payload)).slice(0, mostReads);
  const found = standing.filter((it) => isRecord(it.payload) && isOf(digestIn(it, digests), asked));
  for (const { id } of bare) {
    const whole = await client.signing(id, { signal });
    if (stands(whole) && mayBe(whole, asked) && isOf(digestIn(whole, digests), asked)) found.push(whole);
  }
  return found.sort(bySigned)[0];
}

function stands({ state }: Signing): boolean {
  return state !== "rejected" && state !== "failed";
}

/** What a list leaves out does not speak against it. */
function mayBe({ productId, idProductOperation }: Signing, asked: DigestAsked): boolean {
  const isSame = (shown: unknown, id: string) => !isText(shown) || isSameId(shown, id);
  return isSame(productId, asked.productId) && isSame(idProductOperation, asked.operationId);
}

function isOf(digest: RequestedDigest | undefined, asked: DigestAsked): boolean {
  return digest?.hash === asked.hash && digest.hex === asked.hex;
}

function bySigned(a: Signing, b: Signing): number {
  const rank = ({ state }: Signing) => (state === "signed" ? 0 : 1);
  const age = ({ createdAt }: Signing) => -(dateOf(createdAt)?.valueOf() ?? 0);
  return rank(a) - rank(b) || age(a) - age(b);
}
