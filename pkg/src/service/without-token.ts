// The token in what others say: a service repeats it as it came, a proxy as a URL writes it. Base64 of it looks like a
// secret, and is withheld as such (src/quote.rs). `spellings.ts` knows more spellings, and would cost a page more.

export function withoutToken(text: string, token: string): string {
  // A token is ASCII.
  return text.replace(/%[2-7][\da-f]/gi, decodeURIComponent).replaceAll(token, "[token]");
}
