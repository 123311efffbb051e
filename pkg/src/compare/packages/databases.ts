// The packages that the databases of layers name: of each kind of database the topmost one counts, as it is in effect.
import { Fault, refuse } from "../../strict/fault.ts";
import type { Package, PackageSource } from "../changes.ts";
import type { Engine } from "../layer/engine.ts";
import type { FoundDatabase, LayerFacts } from "../layer/facts.ts";
import { type DatabaseKind, foldersOf } from "../layer/places.ts";
import { checkReadable, knownFacts, readLayer } from "../layer/read-layer.ts";
import { openEngine } from "../layer/remote-engine.ts";
import { identityOf } from "../layers.ts";
import type { How, Side } from "../side.ts";

/** What an image has installed, and who says so. */
export interface Installed {
  readonly packages: readonly Package[];
  readonly sources: readonly PackageSource[];
}

const kinds: readonly DatabaseKind[] = ["dpkg", "dpkgParts", "apk", "rpm"];

/**
 * Reads the databases of both images, from the top of each as far down as needed: to the first one that names packages,
 * and further for kinds of databases that the other image has. Layers that both share are read once.
 */
export async function installedIn(
  before: Side,
  after: Side,
  how: How,
): Promise<readonly [Installed, Installed]> {
  const reader = new Reader(how);
  try {
    const [old, now] = [new Search(before, reader), new Search(after, reader)];
    for (const search of [old, now]) await search.toFirst();
    const found = kinds.filter((kind) => old.has(kind) || now.has(kind));
    for (const search of [old, now]) await search.toAll(found);
    return [old.installed(), now.installed()];
  } finally {
    reader.close();
  }
}

/** Reads layers, each once. */
class Reader {
  #how: How;
  #engine: Promise<Engine> | undefined;
  #read = new Map<string, LayerFacts>();

  constructor(how: How) {
    this.#how = how;
  }

  async facts(side: Side, layer: Side["layers"][number]): Promise<LayerFacts> {
    const identity = identityOf(layer);
    const known = this.#read.get(identity) ?? knownFacts(layer, this.#how);
    const facts = known ?? (await this.#fresh(side, layer));
    this.#read.set(identity, facts);
    return facts;
  }

  async #fresh(side: Side, layer: Side["layers"][number]): Promise<LayerFacts> {
    checkReadable(layer);
    this.#engine ??= openEngine();
    return readLayer(await this.#engine, side, layer, this.#how);
  }

  close(): void {
    this.#engine?.then((engine) => engine.close());
  }
}

/** A database in effect, and the layer that holds it. */
interface Found {
  readonly database: FoundDatabase;
  readonly layer: PackageSource & { from: "database" };
}

/** The search through one image, from the top. */
class Search {
  #side: Side;
  #reader: Reader;
  /** The place of the layer that is looked at next. */
  #next: number;
  #found: Found[] = [];
  /** Kinds of which a layer above had one: it counts alone. */
  #settled = new Set<DatabaseKind>();
  /** What layers above take away: paths with all beneath, and folders of which all beneath. */
  #gone = new Set<string>();
  #opaque = new Set<string>();

  constructor(side: Side, reader: Reader) {
    this.#side = side;
    this.#reader = reader;
    this.#next = side.layers.length - 1;
  }

  has(kind: DatabaseKind): boolean {
    return this.#found.some(({ database }) => database.kind === kind);
  }

  /** Down to the first that names packages. Of those in parts, each layer may have some. */
  async toFirst(): Promise<void> {
    const isEnough = () =>
      this.#found.some(({ database: { kind, ...rest } }) => {
        return kind !== "dpkgParts" && !("packages" in rest && rest.packages.length === 0);
      });
    while (!isEnough() && this.#next >= 0) await this.#look();
  }

  /** Down to where each of these kinds is settled. */
  async toAll(wanted: readonly DatabaseKind[]): Promise<void> {
    while (wanted.some((kind) => !this.#settled.has(kind)) && this.#next >= 0) await this.#look();
  }

  async #look(): Promise<void> {
    const layer = this.#side.layers[this.#next--];
    if (!layer) return;
    const { databases, gone, opaque, astray } = await this.#reader.facts(this.#side, layer);
    if (astray !== undefined)
      refuse(`The layer ${layer.digest}: ${astray}, so that packages may be anywhere.`);
    const here = databases.filter(({ kind, path }) => !this.#settled.has(kind) && !this.#isGone(path));
    for (const database of here) {
      const format = database.kind === "dpkgParts" ? "dpkg" : database.kind;
      this.#found.push({ database, layer: { from: "database", format, layer: layer.digest } });
    }
    for (const { kind } of here) if (kind !== "dpkgParts") this.#settled.add(kind);
    for (const path of gone) this.#gone.add(path);
    for (const path of opaque) this.#opaque.add(path);
  }

  #isGone(path: string): boolean {
    if (this.#gone.has(path) || this.#opaque.has("")) return true;
    return foldersOf(path).some((folder) => this.#gone.has(folder) || this.#opaque.has(folder));
  }

  installed(): Installed {
    const packages: Package[] = [];
    for (const { database, layer } of this.#found) {
      if ("fault" in database) throw new Fault(`The layer ${layer.layer}: ${database.fault}`);
      for (const one of database.packages) packages.push(one);
    }
    const sources = new Map(this.#found.map(({ layer }) => [`${layer.format} ${layer.layer}`, layer]));
    return { packages, sources: [...sources.values()] };
  }
}
