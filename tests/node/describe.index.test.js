// What an index of images is said to be.
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeImage } from "ocisign";
import {
  config,
  describeInSandbox,
  docker,
  entry,
  holdIndex,
  inSandbox,
  oci,
  push,
  pushIndex,
} from "../support/describing.js";

/** Two platforms, an attestation for each as BuildKit stores it, and what names no platform. */
async function pushWholeIndex(types) {
  const linux = await push({ types });
  const windows = await push({ types, of: config({ os: "windows" }) });
  const unknown = { os: "unknown", architecture: "unknown" };
  const attested = ({ digest }) => ({
    ...linux,
    platform: unknown,
    annotations: {
      "vnd.docker.reference.type": "attestation-manifest",
      "vnd.docker.reference.digest": digest,
    },
  });
  const index = await pushIndex(
    [
      { ...linux, platform: { os: "linux", architecture: "arm64", variant: "v8" } },
      { ...windows, platform: { os: "windows", architecture: "amd64", "os.version": "10.0.20348.2700" } },
      attested(linux),
      attested(windows),
      { ...linux, platform: unknown },
      { ...linux, annotations: { "vnd.docker.reference.type": "attestation-manifest" } },
    ],
    { types },
  );
  return { index, linux, windows };
}

for (const [name, types] of Object.entries({ oci, docker })) {
  test(`an index of several platforms, with attestations, as ${name} writes it`, async () => {
    const { index, linux, windows } = await pushWholeIndex(types);
    assert.deepEqual(await describeInSandbox(index), {
      reference: inSandbox(index),
      digest: index.digest,
      mediaType: types.index,
      platforms: [
        {
          os: "linux",
          architecture: "arm64",
          variant: "v8",
          digest: linux.digest,
          mediaType: types.manifest,
        },
        {
          os: "windows",
          architecture: "amd64",
          osVersion: "10.0.20348.2700",
          digest: windows.digest,
          mediaType: types.manifest,
        },
      ],
      attestations: 2,
      // What calls itself an attestation without BuildKit's platform, and the other way round.
      others: 2,
      isIndex: true,
    });
  });
}

test("what a runtime would run is a platform, whatever its annotations say", async () => {
  const annotations = { "vnd.docker.reference.type": "attestation-manifest" };
  const { platforms, attestations } = await describeImage(holdIndex([entry({ annotations })]));
  assert.deepEqual([platforms.length, attestations], [1, 0]);
});
