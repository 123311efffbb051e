/** How many characters a person types to approve: the last ones of the digest. */
export const tailLength = 8;

/**
 * Do these characters name the digest? The last ones, which a person has to read to type them. Or all of it, exactly: a
 * person who pastes the digest from elsewhere, such as a build's log, compares more than eight characters.
 */
export function namesDigest(typed: string, digest: string | undefined) {
  const text = typed.trim().toLowerCase();
  return digest !== undefined && (text === digest || text === digest.slice(-tailLength));
}
