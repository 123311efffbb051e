// Why a text is no bearer token (RFC 6750 §2.1), in words for people: the page and the command line ask a person for
// one. Nothing of the text is repeated. The module judges the same again before it sends a token (src/token.rs).

/** What is wrong, to follow "The token"; and what to give instead. */
export interface TokenFault {
  readonly what: string;
  readonly fix: string;
}

const bare = "Give the bare token, as the identity provider gave it.";

/** @param token without what stands around it (`service/bare-token.ts`) */
export function tokenFault(token: string): TokenFault | undefined {
  if (token === "") return { what: "is empty", fix: bare };
  const place = token.search(/[^A-Za-z0-9\-._~+/=]/);
  if (place < 0) return undefined;
  if (/^[{[]/.test(token)) {
    return { what: "is JSON", fix: "Give only the text of its access_token, token or accessToken." };
  }
  if (token.includes("\0")) return { what: "is in UTF-16", fix: "Write it in UTF-8 or ASCII." };
  if (/[\r\n]/.test(token)) return { what: "has several lines", fix: bare };
  if (/\s/.test(token)) return { what: "has white space in it", fix: bare };
  return { what: `has a character at place ${place + 1} that no bearer token has`, fix: bare };
}
