// What a list of packages (an SBOM) says: SPDX 2.3 and 3.0, CycloneDX 1.4 to 1.6, in JSON. Parsers of these formats bring
// a model of all of them, hundreds of kilobytes; four fields of each package are what is needed here.
// Sources: spdx.github.io/spdx-spec (v2.3 JSON schema; v3.0 JSON-LD); cyclonedx.org/docs, JSON reference.
import { fieldOf, isList, isText } from "../../foreign.ts";
import { quoted, refuse } from "../../strict/fault.ts";
import { withoutTrailing } from "../../trailing.ts";
import type { Package } from "../changes.ts";
import { checkCount, packageOf } from "../layer/package-of.ts";
import type { Wanted, Wish } from "./json-parts.ts";

/** A list of packages. */
export interface Bill {
  readonly format: "spdx" | "cyclonedx";
  readonly version: string;
  readonly packages: readonly Package[];
}

const cyclonedxVersions = ["1.4", "1.5", "1.6"];
const spdx2Version = "SPDX-2.3";
const spdx3Context = /^https?:\/\/spdx\.org\/rdf\/(3\.0(?:\.\d+)?)\//;
/** A list of lists in a list of components, and no deeper. */
const deepestComponents = 20;

/** Collects what a document says, while it is read: what it is may stand at its end. */
export class BillReader {
  #spdxVersion: unknown;
  #bomFormat: unknown;
  #specVersion: unknown;
  #context: unknown;
  #spdx2: Package[] = [];
  #cyclonedx: Package[] = [];
  #spdx3 = new Spdx3();
  /** Something went wrong with an item of a format, which matters only if it is that format. */
  #isAny = false;

  /** Has it anything of a list of packages? */
  get isAny(): boolean {
    return this.#isAny;
  }

  /** The parts that are needed, where the document stands. */
  static paths(prefix: string): Wanted["paths"] {
    const own: Record<string, Wish> = {
      spdxVersion: "take",
      packages: "enter",
      "packages/*": "take",
      bomFormat: "take",
      specVersion: "take",
      components: "enter",
      "components/*": "take",
      "@context": "take",
      "@graph": "enter",
      "@graph/*": "take",
    };
    return Object.fromEntries(Object.entries(own).map(([path, wish]) => [prefix + path, wish]));
  }

  /** @param path without the prefix */
  take(path: string, value: unknown): void {
    this.#isAny = true;
    if (path === "spdxVersion") this.#spdxVersion = value;
    if (path === "bomFormat") this.#bomFormat = value;
    if (path === "specVersion") this.#specVersion = value;
    if (path === "@context") this.#context = value;
    if (path === "packages/*") addTo(this.#spdx2, spdx2Package(value));
    if (path === "components/*") this.#component(value, 0);
    if (path === "@graph/*") this.#spdx3.take(value);
  }

  #component(value: unknown, depth: number): void {
    if (depth > deepestComponents) refuse("The SBOM has components that are nested too deeply.");
    addTo(this.#cyclonedx, cyclonedxPackage(value));
    const below = fieldOf(value, "components");
    if (!isList(below)) return;
    for (const one of below) this.#component(one, depth + 1);
  }

  bill(): Bill {
    const says = [this.#spdxVersion, this.#bomFormat, this.#context].filter((it) => it !== undefined);
    if (says.length === 0) refuse("The SBOM is none: it is neither SPDX nor CycloneDX.");
    if (says.length > 1) refuse("The SBOM says that it is of two formats.");
    if (this.#spdxVersion !== undefined) {
      if (this.#spdxVersion !== spdx2Version) return unread(this.#spdxVersion);
      return { format: "spdx", version: "2.3", packages: this.#spdx2 };
    }
    if (this.#context !== undefined) {
      const version = spdx3VersionIn(this.#context) ?? unread(this.#context);
      return { format: "spdx", version, packages: this.#spdx3.packages() };
    }
    if (this.#bomFormat !== "CycloneDX") return unread(this.#bomFormat);
    const version = this.#specVersion;
    if (!isText(version) || !cyclonedxVersions.includes(version))
      return unread(`CycloneDX ${isText(version) ? version : JSON.stringify(version)}`);
    return { format: "cyclonedx", version, packages: this.#cyclonedx };
  }
}

function unread(what: unknown): never {
  return refuse(
    `The SBOM is of the format ${quoted(isText(what) ? what : JSON.stringify(what))}; SPDX 2.3 and 3.0 and CycloneDX 1.4 to 1.6 are read.`,
  );
}

function spdx3VersionIn(context: unknown): string | undefined {
  const names = isList(context) ? context : [context];
  for (const name of names) {
    const version = isText(name) ? spdx3Context.exec(name)?.[1] : undefined;
    if (version !== undefined) return version;
  }
  return undefined;
}

function addTo(packages: Package[], one: Package | undefined): void {
  if (one) packages.push(one);
  checkCount(packages);
}

/** A text; nothing for what is left out. */
function textIn(value: unknown, name: string): string | undefined {
  const text = fieldOf(value, name);
  if (text === undefined || text === null) return undefined;
  return isText(text) ? text : refuse(`The SBOM has a package whose \`${name}\` is no text.`);
}

function nameIn(value: unknown, name: string): string {
  return textIn(value, name) || refuse("The SBOM has a package without a name.");
}

/** `pkg:type/…`, of which the type is needed. */
function purlType(purl: string | undefined): string {
  return /^pkg:\/*([A-Za-z][A-Za-z0-9.+-]*)\//.exec(purl ?? "")?.[1]?.toLowerCase() ?? "";
}

/** Kinds whose namespace says who distributes a package: it moves with the base, and names nothing else. */
const distributed = ["deb", "rpm", "apk", "alpm", "qpkg", "oci", "docker", "generic"];

/** Some lists keep a part of a name in the package URL alone: `org.example` of `pkg:maven/org.example/lib@1`. */
function wholeName(name: string, purl: string | undefined): string {
  const [, kind = "", path = ""] =
    /^pkg:\/*([A-Za-z][A-Za-z0-9.+-]*)\/([^@?#]*\/)[^/@?#]*/.exec(purl ?? "") ?? [];
  const space = decodedPart(withoutTrailing(path.replace(/^\/+/, ""), "/"));
  const isTold = space === "" || distributed.includes(kind.toLowerCase()) || isWithin(space, name);
  return isTold ? name : `${space}/${name}`;
}

/** `@scope/name` and `github.com/a/b` have their namespaces in them. */
function isWithin(space: string, name: string): boolean {
  const [short, long] = [space, name].map((text) => text.toLowerCase());
  return long !== short && (long?.startsWith(`${short}/`) || long?.startsWith(`${short}:`)) === true;
}

function decodedPart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An image is no package of itself. */
const images = ["oci", "docker"];
/** What SPDX writes where nobody said anything. */
const nothingSaid = ["NOASSERTION", "NONE"];

function licencesOf(said: readonly (string | undefined)[]): string[] {
  const licences = said.filter((it) => it !== undefined && it !== "" && !nothingSaid.includes(it));
  return [...new Set(licences)] as string[];
}

function spdx2Package(value: unknown): Package | undefined {
  const name = nameIn(value, "name");
  const references = fieldOf(value, "externalRefs");
  const purls = (isList(references) ? references : [])
    .filter((it) => fieldOf(it, "referenceType") === "purl")
    .map((it) => textIn(it, "referenceLocator"));
  const kind = purlType(purls[0]);
  const isImage = fieldOf(value, "primaryPackagePurpose") === "CONTAINER" || images.includes(kind);
  // Syft's name for what it has looked at.
  if (isImage || /^SPDXRef-DocumentRoot-/.test(textIn(value, "SPDXID") ?? "")) return undefined;
  // What was found counts for more than what the package says of itself, where both stand there.
  const [concluded] = licencesOf([textIn(value, "licenseConcluded")]);
  const licences = licencesOf([concluded ?? textIn(value, "licenseDeclared")]);
  return packageOf(kind, wholeName(name, purls[0]), textIn(value, "versionInfo"), licences);
}

/** Kinds of components that are installed; files, data, keys and models are none. */
const installed = ["application", "framework", "library", "operating-system", "firmware", "platform"];

function cyclonedxPackage(value: unknown): Package | undefined {
  const type = textIn(value, "type") ?? "";
  const name = nameIn(value, "name");
  const kind = purlType(textIn(value, "purl"));
  if (!installed.includes(type) || images.includes(kind)) return undefined;
  const group = textIn(value, "group");
  const listed = fieldOf(value, "licenses");
  const licences = (isList(listed) ? listed : []).map((one) => {
    const licence = fieldOf(one, "license");
    return textIn(one, "expression") ?? textIn(licence, "id") ?? textIn(licence, "name");
  });
  const whole = wholeName(group ? `${group}/${name}` : name, textIn(value, "purl"));
  return packageOf(kind, whole, textIn(value, "version"), licencesOf(licences));
}

interface Spdx3Package {
  readonly id: string | undefined;
  readonly one: Package;
}

/** SPDX 3.0 is a graph: licences are elements of their own, and relationships say whose they are. */
class Spdx3 {
  #packages: Spdx3Package[] = [];
  #expressions = new Map<string, string>();
  /** By the package: its licences, concluded and declared. */
  #licences = new Map<string, { concluded: string[]; declared: string[] }>();
  #links = 0;

  take(value: unknown): void {
    const type = fieldOf(value, "type") ?? fieldOf(value, "@type");
    if (type === "software_Package") this.#package(value);
    if (type === "simplelicensing_LicenseExpression") {
      this.#keep(this.#expressions, value, textIn(value, "simplelicensing_licenseExpression"));
    }
    if (type === "Relationship") this.#relationship(value);
  }

  #package(value: unknown): void {
    const purl = textIn(value, "software_packageUrl") ?? purlAmong(fieldOf(value, "externalIdentifier"));
    const kind = purlType(purl);
    if (fieldOf(value, "software_primaryPurpose") === "container" || images.includes(kind)) return;
    const one = packageOf(
      kind,
      wholeName(nameIn(value, "name"), purl),
      textIn(value, "software_packageVersion"),
      [],
    );
    this.#packages.push({ id: idOf(value), one });
    checkCount(this.#packages);
  }

  #keep(map: Map<string, string>, value: unknown, text: string | undefined): void {
    const id = idOf(value);
    if (id === undefined || text === undefined) return;
    map.set(id, text);
    checkLinks(map.size);
  }

  #relationship(value: unknown): void {
    const type = fieldOf(value, "relationshipType");
    if (type !== "hasConcludedLicense" && type !== "hasDeclaredLicense") return;
    const from = textIn(value, "from") ?? "";
    const to = fieldOf(value, "to");
    const licences = this.#licences.get(from) ?? { concluded: [], declared: [] };
    const list = type === "hasConcludedLicense" ? licences.concluded : licences.declared;
    const all = isList(to) ? to : [to];
    for (const one of all) if (isText(one)) list.push(one);
    this.#licences.set(from, licences);
    this.#links += 1 + all.length;
    checkLinks(this.#links);
  }

  packages(): Package[] {
    // By the package: many packages may claim one id, and so all of its licences.
    const known = new Map<string, readonly string[]>();
    let told = 0;
    return this.#packages.map(({ id = "", one }) => {
      const licences = known.get(id) ?? this.#licencesOf(id);
      known.set(id, licences);
      told += licences.length;
      checkLinks(told);
      return packageOf(one.kind, one.name, one.version, licences);
    });
  }

  #licencesOf(id: string): readonly string[] {
    const { concluded, declared } = this.#licences.get(id) ?? { concluded: [], declared: [] };
    const found = licencesOf(concluded.map((it) => this.#expression(it)));
    return found.length > 0 ? found : licencesOf(declared.map((it) => this.#expression(it)));
  }

  /** Those of SPDX's own list, and "none", have addresses in place of elements. */
  #expression(id: string): string | undefined {
    const known = this.#expressions.get(id);
    if (known !== undefined) return known;
    return /^https?:\/\/spdx\.org\/licenses\/([^/]+)$/.exec(id)?.[1];
  }
}

function checkLinks(count: number): void {
  if (count > 200_000) refuse("The SBOM has more than 200000 licences and links to them.");
}

function idOf(value: unknown): string | undefined {
  return textIn(value, "spdxId") ?? textIn(value, "@id");
}

function purlAmong(identifiers: unknown): string | undefined {
  if (!isList(identifiers)) return undefined;
  const found = identifiers.find((it) => fieldOf(it, "externalIdentifierType") === "packageUrl");
  return textIn(found, "identifier");
}
