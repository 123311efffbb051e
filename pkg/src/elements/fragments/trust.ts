// What a rule of a trust file says of an image: its name, and which of its keys count.
import { html, nothing } from "lit";
import type { VerificationTrust } from "ocisign";
import { strings } from "../strings/index.ts";
import { exact, prose } from "../text/text-element.ts";
import { copyable, fact } from "./facts.ts";

type CopyButton = (what: string, text: string) => unknown;

/** As entries of a list of facts. */
export function trustFacts(
  { rule, pattern, keys }: Pick<VerificationTrust, "rule" | "pattern" | "keys">,
  copyButton?: CopyButton,
) {
  const words = strings.verify.trust;
  const drawn = keys.map((key) => trustedKey(key, copyButton));
  return html`${fact(words.rule, html`<p>${prose(rule)}</p><p class="small">${words.by} ${exact(pattern)}</p>`)}
    ${fact(words.keys, html`<ul role="list" class="trust-keys stack tight">${drawn}</ul>`)}`;
}

function trustedKey(
  { name, fingerprint, counts, why }: VerificationTrust["keys"][number],
  copyButton?: CopyButton,
) {
  const words = strings.verify.trust;
  const named = strings.verify.fingerprint;
  return html`<li>
    <p class="row"><strong>${prose(name)}</strong> <span class="state ${counts ? "good" : "warn"}"><span
      aria-hidden="true">${counts ? "✓ " : "– "}</span>${counts ? words.counts : words.countsNot}</span></p>
    ${why === undefined ? nothing : html`<p>${prose(words.keyIs(why))}</p>`}
    ${copyable(fingerprint, copyButton?.(named, fingerprint))}
  </li>`;
}
