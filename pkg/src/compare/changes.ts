// What differs between two images, as it is told. "unknown" is never "same": whatever could not be read says so, and why.
import type { OcisignError } from "../error.ts";
import type { ImagePlatform } from "../image/description.ts";
import type { CanonicalReference, Digest } from "../image/reference.ts";
import type { RegistryLimits } from "../registry/budget.ts";
import type { RegistryOptions } from "../registry/open.ts";

/** Options of {@link compareImages}. */
export interface CompareOptions extends RegistryLimits {
  /** How the registry of `after` is reached, and that of `before` if it is the same; anonymously if left out. */
  registry?: RegistryOptions | undefined;
  /** How the registry of `before` is reached, where it is another one; anonymously if left out. */
  registryBefore?: RegistryOptions | undefined;
  /**
   * Compare packages, too. Default `"sbom"`: by the lists that the images carry. `"layers"` reads the package databases
   * of the layers where a list is missing.
   */
  packages?: "none" | "sbom" | "layers" | undefined;
  /** Compare files, too; it reads the layers that differ. Default false. */
  files?: boolean | undefined;
  /** Only these platforms of an index, as `linux/arm64/v8`; all if left out, 16 at most. */
  platforms?: readonly string[] | undefined;
  /**
   * What all replies may have together, in bytes. Default 67,108,864: 64 MiB; where layers are read, 1,073,741,824: 1 GiB.
   */
  totalBytes?: number | undefined;
  /** Ends it. */
  signal?: AbortSignal | undefined;
}

/** Both images say the same, or neither says it: then `value` is empty. */
export interface SameInBoth<T> {
  /** It is the same. */
  readonly state: "same";
  /** What both say. */
  readonly value: T;
}

/** The images differ in it. */
export interface ChangedValue<T> {
  /** It is another one. */
  readonly state: "changed";
  /** What it was. */
  readonly before: T;
  /** What it is. */
  readonly after: T;
}

/** Only the second image has it. */
export interface AddedValue<T> {
  /** It is new. */
  readonly state: "added";
  /** What it is. */
  readonly after: T;
}

/** Only the first image has it. */
export interface RemovedValue<T> {
  /** It is gone. */
  readonly state: "removed";
  /** What it was. */
  readonly before: T;
}

/** At least one side could not be read. It may be the same, and it may be anything else. */
export interface UnknownValue {
  /** Nobody knows. */
  readonly state: "unknown";
  /** Why. */
  readonly error: OcisignError;
}

/** Something that both images may have. */
export type Change<T> = SameInBoth<T> | ChangedValue<T> | AddedValue<T> | RemovedValue<T> | UnknownValue;

/** Something with a name. */
export interface WithName {
  /** What it is called; foreign text. */
  readonly name: string;
}

/**
 * Something that has a name, such as a variable or a package. Where a whole list could not be read, the list has one
 * element that is `unknown`, with an empty name.
 */
export type NamedChange<T> = Change<T> & WithName;

/** The value of a variable of the environment. */
export interface EnvValue {
  /** The value; nothing where it looks like a secret, or where the variable is named without a value. */
  readonly value?: string;
  /** It looks like a secret, so that nothing shows it. Two that differ are told apart all the same. */
  readonly masked: boolean;
}

/** A layer, as the manifest lists it. */
export interface Layer {
  /** Of the layer as it is stored. */
  readonly digest: Digest;
  /** As it is stored, in bytes: by the manifest's own word. */
  readonly sizeBytes: number;
  /** Its media type. */
  readonly mediaType: string;
  /**
   * The digest of what it unpacks to, by the image's config; nothing if that does not fit the layers. Runtimes that hold
   * something under that name run it, and read no layer.
   */
  readonly content?: Digest;
  /** The command that made it, by the image's own history; nothing if that does not fit the layers. */
  readonly createdBy?: string;
  /** It must be fetched from elsewhere, and its content is not in the registry. */
  readonly foreign: boolean;
}

/** A layer in one of the images, or in both. */
export interface LayerChange {
  /**
   * `same` layers are in both at the same place from the bottom; `moved` ones in both, elsewhere. One that an image says
   * to be packed otherwise, or to hold something else, is another one, whatever its digest.
   */
  readonly state: "same" | "moved" | "new" | "gone";
  /** The layer. */
  readonly layer: Layer;
}

/** A package that is installed, as a list or a database names it. */
export interface Package {
  /** Its name. */
  readonly name: string;
  /** Its version; empty if none is named. */
  readonly version: string;
  /** Of which kind: `deb`, `apk`, `rpm`, `npm`, … as in a package URL; empty if nobody says. */
  readonly kind: string;
  /** Its licences, as they are named. */
  readonly licences: readonly string[];
}

/** A list of packages that comes with the image: a claim of the builder's. */
export interface PackagesOfSbom {
  /** It is a bill of materials. */
  readonly from: "sbom";
  /** In which format. */
  readonly format: "spdx" | "cyclonedx";
  /** The version of the format, such as `2.3`. */
  readonly version: string;
  /** Where it was found: among the referrers, in an attestation, or in BuildKit's attestation in the index. */
  readonly place: "referrer" | "attestation" | "buildkit";
  /** The digest of its blob. */
  readonly digest: Digest;
}

/** A package manager's database: what a layer holds. */
export interface PackagesOfDatabase {
  /** It is a database. */
  readonly from: "database";
  /** Whose. */
  readonly format: "dpkg" | "apk" | "rpm";
  /** The layer that holds it. */
  readonly layer: Digest;
}

/** Where a list of packages comes from. An SBOM is a claim of the builder's; a database is what the layer holds. */
export type PackageSource = PackagesOfSbom | PackagesOfDatabase;

/** Packages were not compared. */
export interface UncomparedPackages {
  /** Nobody asked for them, or neither image has a list of them. */
  readonly state: "notAsked" | "none";
}

/** Packages were compared. */
export interface ComparedPackages {
  /** They were. */
  readonly state: "compared";
  /** Where the lists of the first image are from. */
  readonly before: readonly PackageSource[];
  /** Where those of the second one are from. */
  readonly after: readonly PackageSource[];
  /** Those that differ, by name. */
  readonly changes: readonly NamedChange<Package>[];
  /** How many are the same. */
  readonly same: number;
}

/** What is known of packages. It is unknown, too, if only one image has a list. */
export type PackageChanges = UncomparedPackages | ComparedPackages | UnknownValue;

/** A file of a layer. */
export interface ImageFile {
  /** The path from the root, without a leading slash. Anything may stand there. */
  readonly path: string;
  /** `unread` stands in a layer that both images share, which is not read: nothing but its path is known. */
  readonly kind: "file" | "directory" | "symlink" | "hardlink" | "device" | "fifo" | "unread";
  /** In bytes, unpacked; 0 of all but files. */
  readonly sizeBytes: number;
  /** Permissions, as `chmod` takes them: 0o4755 has the set-uid bit. */
  readonly mode: number;
  /** The user id of its owner. */
  readonly uid: number;
  /** The id of its group, where it is another number than its owner's. */
  readonly gid?: number;
  /** Of a device: its type (3 by characters, 4 by blocks) and its two numbers, such as `3 1 5`. */
  readonly device?: string;
  /** Its capabilities of the kernel, as its attribute has them, in hexadecimal digits. */
  readonly capabilities?: string;
  /** Where a link leads. Anything may stand there. */
  readonly target?: string;
}

/** What makes a file worth a look. */
export type FileMark =
  | "setuid"
  | "setgid"
  /** It has capabilities of the kernel, which let it do some of what only root may. */
  | "capabilities"
  | "executable"
  | "unusualPlace"
  | "device"
  | "worldWritable";

/** A file that differs, and what is new about it. */
export interface FileChange {
  /** The file on both sides, as far as it is there. */
  readonly change: ChangedValue<ImageFile> | AddedValue<ImageFile> | RemovedValue<ImageFile>;
  /** Of the file in `after`, as far as `before` does not have the same mark. */
  readonly marks: readonly FileMark[];
  /**
   * Layers that both images share are not read, and one may hold this path, too. One `below` means: what is told as
   * added may replace its file, and what is told as removed may show it again. One `above` may hide the change.
   */
  readonly shared?: "below" | "above";
}

/** Nobody asked for files. */
export interface UncomparedFiles {
  /** They were not compared. */
  readonly state: "notAsked";
  /** What it would take to read the layers that differ, in bytes. */
  readonly costBytes: number;
}

/** Files were compared. */
export interface ComparedFiles {
  /** They were. */
  readonly state: "compared";
  /** Those that are worth a look first, then by path. As many as fit; `total` counts all. */
  readonly changes: readonly FileChange[];
  /** How many differ. */
  readonly total: number;
}

/** What is known of files. */
export type FileChanges = UncomparedFiles | ComparedFiles | UnknownValue;

/** What is notable of a change, by its code; docs/changes.md lists them. */
export interface Notable {
  /** For programs. */
  readonly code: string;
  /** Which platform it is about; nothing for all. */
  readonly platform?: string;
  /** What it is about, such as the variable's name; foreign text. */
  readonly subject?: string;
}

/** An image that another was made of. */
export interface BaseImage {
  /** Its name, as the builder says it. */
  readonly name?: string;
  /** Its digest, as the builder says it. */
  readonly digest?: Digest;
  /** How many of the lowest layers both images share. */
  readonly layers: number;
}

/**
 * What differs between two images of one platform. What neither image says is `same`, with an empty value. Texts that
 * look like secrets are masked in all of it, also in commands, labels and the lines of the history.
 */
export interface PlatformChanges {
  /** The platform; nothing if neither image names one. */
  readonly platform: ImagePlatform | undefined;
  /** The digests of the manifests. */
  readonly manifest: Change<Digest>;
  /** From bottom to top: those of `after`, with those that are gone where they were. */
  readonly layers: readonly LayerChange[];
  /** The image that both are made of: as far as their lowest layers are the same, or as annotations or labels name it. */
  readonly base: Change<BaseImage>;
  /** What starts, with its arguments. */
  readonly entrypoint: Change<readonly string[]>;
  /** Its arguments, or the program where there is no entrypoint, as words. */
  readonly command: Change<readonly string[]>;
  /** The variables of the environment, by their names. */
  readonly environment: readonly NamedChange<EnvValue>[];
  /** As whom it runs: a name or an id, and a group behind a colon. Empty for root. */
  readonly user: Change<string>;
  /** Where it starts. */
  readonly workingDirectory: Change<string>;
  /** The ports that it listens on, such as `8080/tcp`. */
  readonly ports: readonly NamedChange<true>[];
  /** The paths of its volumes. */
  readonly volumes: readonly NamedChange<true>[];
  /** The signal that stops it, such as `SIGTERM`. */
  readonly stopSignal: Change<string>;
  /** The command that tells whether it is well, and its times, much as a Dockerfile writes them. */
  readonly healthCheck: Change<string>;
  /** Of the config. */
  readonly labels: readonly NamedChange<string>[];
  /** Of the manifest. */
  readonly annotations: readonly NamedChange<string>[];
  /** What else the config says that differs, by its path, such as `config.OnBuild`; as JSON. */
  readonly others: readonly NamedChange<string>[];
  /** RFC 3339. */
  readonly created: Change<string>;
  /** Of config and layers, packed: by the manifests' own word. */
  readonly sizeBytes: Change<number>;
  /** What packages it has. */
  readonly packages: PackageChanges;
  /** What files its layers bring, if anybody asked. */
  readonly files: FileChanges;
}

/** Of which platform something is. */
export interface OfPlatform {
  /** The platform; nothing if neither image names one. */
  readonly platform: ImagePlatform | undefined;
}

/** A platform in one of the images, or in both. Of one that is `unknown`, this says which it is. */
export type PlatformChange = Change<PlatformChanges> & OfPlatform;

/** What differs between two images. */
export interface ImageChanges {
  /** The image that was compared with. */
  readonly before: CanonicalReference;
  /** The image that was compared. */
  readonly after: CanonicalReference;
  /** The digests are the same: so is everything. */
  readonly identical: boolean;
  /** By platform: `same` is told of those in both, whatever differs inside. */
  readonly platforms: readonly PlatformChange[];
  /** Platforms whose manifests have the same digest in both: nothing of them was read. */
  readonly samePlatforms: readonly ImagePlatform[];
  /** What an approver has to see, most important first. */
  readonly notable: readonly Notable[];
}
