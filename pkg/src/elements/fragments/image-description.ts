// What kind of thing an image is, by its registry's word. It is a hint: the digest alone is signed.
import { html, nothing } from "lit";
import type { ImageDescription } from "ocisign";
import { inUnits } from "../../shown/bytes.ts";
import { dateOf } from "../../shown/date.ts";
import { strings } from "../strings/index.ts";
import { exact } from "../text/text-element.ts";
import { factIf, moment } from "./facts.ts";

export function imageDescription(description: ImageDescription) {
  const words = strings.common.description;
  const { artifactType, mediaType, isIndex, sizeBytes, created, attestations } = description;
  const made = dateOf(created);
  const index = isIndex ? html` <span class="muted">${words.index}</span>` : nothing;
  return html`<dl class="facts inner">
    ${factIf(words.artifactType, artifactType, exact(artifactType))}
    ${factIf(words.mediaType, mediaType, html`${exact(mediaType)}${index}`)}
    ${factIf(words.platforms, platforms(description))}
    ${factIf(words.size, sizeBytes, sizeBytes === undefined ? nothing : words.packed(inUnits(sizeBytes, "long")))}
    ${factIf(words.made, made, made && moment(made))}
    ${factIf(words.attestations, attestations || undefined)}
  </dl>`;
}

/** The same in one line. */
export function imageSummary(description: ImageDescription) {
  const words = strings.common.description;
  const { artifactType, mediaType, isIndex, sizeBytes, created, attestations } = description;
  const made = dateOf(created);
  const index = isIndex ? html` <span class="muted">${words.index}</span>` : nothing;
  const parts = [
    platforms(description),
    sizeBytes === undefined ? undefined : words.packed(inUnits(sizeBytes, "long")),
    artifactType && exact(artifactType),
    mediaType && html`${kindOf(mediaType)}${index}`,
    made && html`${words.made} ${moment(made)}`,
    attestations && `${words.attestations}: ${attestations}`,
  ];
  return html`<p class="dots">${parts.filter(Boolean).map((part) => html`<span>${part}</span>`)}</p>`;
}

/** The four that images have are called by their names. */
function kindOf(mediaType: string) {
  const kind = strings.common.description.kinds[mediaType];
  return kind === undefined ? exact(mediaType) : html`<span title=${mediaType}>${kind}</span>`;
}

function platforms({ platforms, others, artifactType }: ImageDescription) {
  const words = strings.common.description;
  const named = platforms.map(({ os, architecture, variant, osVersion }) =>
    [os, architecture, variant, osVersion].filter(Boolean).join("/"),
  );
  if (named.length === 0) return artifactType ? undefined : words.noPlatform;
  const beside = others ? html` <span class="muted">${words.others(others)}</span>` : nothing;
  return html`${exact([...new Set(named)].join(", "))}${beside}`;
}
