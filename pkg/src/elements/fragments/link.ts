// A web address in a foreign text, with a way to open it. The text stays a text, whole and to be read; beside it stands
// a link that names the host to which it leads. Nothing is fetched or opened before a person chooses to.
import { html, nothing } from "lit";
import { strings } from "../strings/index.ts";

const longest = 2000;

/**
 * A link to what the text is, if it is nothing but a web address, written as browsers write it. An address with a name
 * of a user in it (`https://your-bank.example@evil.example/`) imitates another one, and gets no link.
 */
export function linkTo(text: string): unknown {
  const host = hostIn(text);
  if (host === undefined) return nothing;
  const { open, openIn } = strings.common;
  // A person who speaks to the browser says what is seen.
  return html` <a class="leads" href=${text} target="_blank" rel="noopener noreferrer nofollow"
    >${open(host)}<span class="unseen"> ${openIn(text)}</span></a>`;
}

/** @returns nothing for a text that is no plain address of `http` or `https` */
export function hostIn(text: string): string | undefined {
  if (text.length > longest || !/^https?:\/\/[!-~]+$/.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isAsWritten = url.href === text || url.href === `${text}/`;
  return isAsWritten && url.username === "" && url.password === "" ? url.host : undefined;
}
