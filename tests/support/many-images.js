// Many small images, each with a digest of its own.
import { pushImage } from "../../demo/image.js";
import { digestOf, Registry } from "../../demo/registry.js";

const manifestType = "application/vnd.oci.image.manifest.v1+json";

/**
 * @param {import("../../demo/registry.js").RegistryAccess & { domain: string }} registry
 * @param {string} repository @param {number} count @returns {Promise<string[]>} their references
 */
export async function pushMany(registry, repository, count) {
  const access = new Registry(registry);
  const first = await access.manifest(repository, await pushImage(access, repository));
  const template = JSON.parse(first.toString());
  const images = [];
  for (let number = 0; number < count; number += 1) {
    const bytes = Buffer.from(JSON.stringify({ ...template, annotations: { number: String(number) } }));
    await access.pushManifest(repository, digestOf(bytes), bytes, manifestType);
    images.push(`${registry.domain}/${repository}@${digestOf(bytes)}`);
  }
  return images;
}
