// What manifest and config of one image say, part by part, with the layers that they name.
import type { ImageManifest } from "../image/manifest.ts";
import type { Digest } from "../image/reference.ts";
import type { BaseFacts } from "./base.ts";
import { type Named, nothing, type Read, readingNow, Seen } from "./change.ts";
import type { Layer } from "./changes.ts";
import { type ConfigParts, noParts, textsAt, unknownParts } from "./config.ts";
import { layersOf } from "./layers.ts";
import type { ReadConfig, ReadManifest } from "./read.ts";

/** All that is compared of one image, but what is inside its layers. */
export interface Facts extends ConfigParts, BaseFacts {
  readonly manifest: Read<Seen<Digest>>;
  readonly annotations: Read<Named<string>>;
  readonly sizeBytes: Read<Seen<number>>;
  readonly layers: readonly Layer[];
  /** When the lowest layer was made, as the history says: RFC 3339. */
  readonly bottomMade: string | undefined;
}

/** Of an image that there is not. */
export const noFacts: Facts = {
  ...noParts,
  ...{ manifest: nothing, annotations: nothing, sizeBytes: nothing },
  ...{ layers: [], bottomMade: undefined, said: () => undefined },
};

export function factsOf({ image, manifest }: ReadManifest<ImageManifest>, config: Read<ReadConfig>): Facts {
  const parts = config.error ? unknownParts({ error: config.error }) : (config.value?.parts ?? noParts);
  const history = parts.history.value ?? [];
  const annotations = readingNow(image.canonical, () =>
    textsAt(manifest.annotations, "manifest.annotations", image.canonical),
  );
  return {
    ...parts,
    manifest: { value: new Seen(image.digest, image.digest) },
    annotations,
    sizeBytes: { value: new Seen(manifest.size, String(manifest.size)) },
    layers: layersOf(manifest.layers, history, parts.contents.value ?? []),
    bottomMade: history[0]?.created,
    // Annotations are what the registry shows without a config; builders write both alike.
    said: (name) => textIn(annotations, name) ?? textIn(parts.labels, name),
  };
}

function textIn(texts: Read<Named<string>>, name: string): string | undefined {
  return texts.value?.get(name)?.value?.shown;
}
