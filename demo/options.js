// What the demo can be told, read before anything is installed or built.
import { readOptions } from "../tools/machine/options.js";

const usage = `Signs one image through the service's flow, with a sandbox in its place, and proves it.

  npm run demo                             pushes a small image to the sandbox's own registry, and signs it
  npm run demo -- --image REF              signs an image that is already in a registry

  --image REF               registry/repository@sha256:…, or with a :tag, which is resolved first
  --registry-username NAME  who may read and push there; the password comes from OCISIGN_REGISTRY_PASSWORD
  --help                    this text

The last line is JSON: status, verification, image, registry, and the path of the public key.`;

export function demoOptions() {
  const text = /** @type {const} */ ({ type: "string" });
  const { image, "registry-username": username } = readOptions(usage, {
    image: text,
    "registry-username": text,
  });
  return { image, username, password: process.env.OCISIGN_REGISTRY_PASSWORD };
}
