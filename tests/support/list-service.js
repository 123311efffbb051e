// A service that keeps what is posted, and a shell that knows it, for lists of images on the command line.
import { shellIn } from "./cli.js";
import { fakeService, productOf, signingOf } from "./fake-service.js";

/** The n-th image. @param {number | string} n */
export function imageOf(n) {
  return `registry.example/app${n}@sha256:${"0".repeat(64)}`;
}

/**
 * @param {import("node:test").TestContext} t
 * @param {(number: number, image: string) => import("./fake-service.js").Answer | undefined} [answer] what a request
 *   brings, by its number from 1; one that hangs was taken all the same
 */
export async function listService(t, answer = () => undefined) {
  const product = { ...productOf("registry.example"), id: "e1ec8ea5-b569-4da7-8a70-6eb910dad8ac" };
  const other = { ...product, id: "f1ec8ea5-b569-4da7-8a70-6eb910dad8ac" };
  /** @type {any[]} */
  const kept = [];
  let posts = 0;
  const service = await fakeService(({ method, path, body }) => {
    if (method === "GET") {
      const [, route = "", id] = /\/v1\/(\w+)\/?([\w-]*)/.exec(path) ?? [];
      if (route === "products") return { body: id === other.id ? other : product };
      return { body: id ? kept.find((one) => one.id === id) : kept };
    }
    posts += 1;
    const { payload, idProductOperation, productId } = JSON.parse(body);
    const image = imageIn(payload);
    const instead = answer(posts, image);
    const id = `request-${kept.length + 1}`;
    const signing = { ...signingOf(image, { id }), payload, idProductOperation, productId };
    if (!instead || instead.hang) kept.push(signing);
    return instead ?? { body: signing };
  });
  const shell = shellIn("list", {
    OCISIGN_URL: service.url,
    OCISIGN_TOKEN: "t",
    OCISIGN_PRODUCT: product.id,
    OCISIGN_PROFILE: "profile.json",
  });
  shell.file("profile.json", JSON.stringify({ statuses: { 2: "waiting", 16: "signed", 32: "rejected" } }));
  t.after(() => {
    service.close();
    shell.remove();
  });
  return {
    ...shell,
    product,
    other,
    /** The requests of the service. */
    kept,
    get posts() {
      return posts;
    },
    /** The images that it has requests of, each as often as that. */
    images: () => kept.map(({ payload }) => imageIn(payload)).sort(),
    /** Writes a list of so many images. @param {number} count */
    list(count) {
      const images = Array.from({ length: count }, (_, n) => imageOf(n));
      shell.file("images.txt", images.join("\n"));
      return images.sort();
    },
  };
}

function imageIn({ optionalParameters: [{ artifactURI }] }) {
  return Buffer.from(artifactURI, "base64").toString();
}
