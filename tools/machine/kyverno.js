// Which versions of Kyverno are asked.

/** The version that the tests of admission ask. */
export const pinnedKyverno = "1.19.1";

/** Versions that `npm run test:kyverno` asks, unless it is told which. */
export const otherKyvernos = ["1.18.2"];

/** Its program that decides without a cluster. @param {string} version @returns {import("./go.js").GoTool} */
export function kyvernoIn(version) {
  const module = `github.com/kyverno/kyverno@v${version}`;
  return { name: "kyverno", module, folder: "./cmd/cli/kubectl-kyverno" };
}
