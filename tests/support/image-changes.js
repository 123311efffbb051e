// Comparisons of two images, as `compareImages` tells them, for tests of what shows them.
import { OcisignError } from "ocisign";

/** @typedef {import("ocisign").ImageChanges} ImageChanges */
/** @typedef {import("ocisign").PlatformChanges} PlatformChanges */
/** @typedef {import("ocisign").PlatformChange} PlatformChange */
/** @typedef {import("ocisign").LayerChange} LayerChange */
/** @template T @typedef {import("ocisign").Change<T>} Change */

/** @param {string} pair two hexadecimal digits @returns {any} */
export const digestOf = (pair) => `sha256:${pair.repeat(32)}`;

/** @param {string} pair @returns {any} */
export const imageOf = (pair) => `registry.example/team/app@${digestOf(pair)}`;

/** @param {string} message */
export const unknownError = (message = "The registry sent other bytes than the digest names.") =>
  new OcisignError("bad-reply", message, "Ask the registry's operator.");

/** @template T @param {T} value @returns {Change<T>} */
export const same = (value) => ({ state: "same", value });

/** @template T @param {T} before @param {T} after @returns {Change<T>} */
export const changed = (before, after) => ({ state: "changed", before, after });

/** @returns {{ readonly state: "unknown", readonly error: OcisignError }} */
export const unknown = () => ({ state: "unknown", error: unknownError() });

/** Layers with these states, from the bottom. @param {...LayerChange["state"]} states @returns {LayerChange[]} */
export const layersOf = (...states) =>
  states.map((state, at) => ({
    state,
    layer: {
      digest: digestOf((16 + at).toString(16)),
      sizeBytes: 1_000_000 * (at + 1),
      mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
      createdBy: `RUN step ${at}`,
      foreign: false,
    },
  }));

/** A platform on which nothing differs, but what is given. @param {Partial<PlatformChanges>} [differing] @returns {PlatformChanges} */
export const platformOf = (differing = {}) => ({
  platform: platformNamed("linux/amd64"),
  manifest: changed(digestOf("a1"), digestOf("b1")),
  layers: layersOf("same", "same", "same"),
  base: same({ layers: 3 }),
  entrypoint: same(["/app"]),
  command: same([]),
  environment: [{ name: "PATH", state: "same", value: { value: "/bin", masked: false } }],
  user: same("app"),
  workingDirectory: same("/"),
  ports: [],
  volumes: [],
  stopSignal: same(""),
  healthCheck: same(""),
  labels: [],
  annotations: [],
  others: [],
  created: same("2026-11-01T08:00:00Z"),
  sizeBytes: same(12_300_000),
  packages: { state: "none" },
  files: { state: "notAsked", costBytes: 4_200_000 },
  ...differing,
});

/** @param {string} name as `linux/arm64` */
export const platformNamed = (name) => {
  const [os = "", architecture = "", variant] = name.split("/");
  return {
    ...{ os, architecture, ...(variant !== undefined && { variant }) },
    ...{ digest: digestOf("99"), mediaType: "application/vnd.oci.image.manifest.v1+json" },
  };
};

/** A comparison of these platforms. @param {(PlatformChanges | PlatformChange)[]} platforms @returns {ImageChanges} */
export const changesOf = (...platforms) => ({
  before: imageOf("aa"),
  after: imageOf("bb"),
  identical: false,
  platforms: platforms.map((one) => ("layers" in one ? { ...same(one), platform: one.platform } : one)),
  samePlatforms: [],
  notable: [],
});

/** @param {string} name @param {string} version @param {string} [kind] */
export const packageOf = (name, version, kind = "deb") => ({ name, version, kind, licences: ["MIT"] });

/** @param {string[]} names of packages that have another version @returns {import("ocisign").PackageChanges} */
export const packagesChanged = (...names) => ({
  state: "compared",
  before: [sbom],
  after: [sbom],
  changes: names.map((name) => ({ name, ...changed(packageOf(name, "1.0"), packageOf(name, "1.1")) })),
  same: 100,
});

/** @type {import("ocisign").PackageSource} */
const sbom = { from: "sbom", format: "spdx", version: "2.3", place: "referrer", digest: digestOf("5b") };
