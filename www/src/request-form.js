// Requests a signature: checks the image while it is typed, and shows exactly what will be sent.
import { buildSigningRequest, checkRegistry, parseReference } from "ocisign";
import { byId, guarded, make, say, visible } from "./dom.js";

export function createRequestForm({ onRequested }) {
  let client;
  let products = [];
  const form = byId("request-form");
  const select = byId("product");
  const artifact = byId("artifact");
  const description = byId("description");

  const input = () => ({
    product: products.find((product) => product.id === select.value),
    artifact: artifact.value.trim(),
    description: description.value,
  });

  function check() {
    const outcome = judge(input());
    const shown = byId("artifact-check");
    shown.textContent = visible(outcome.text);
    shown.className = outcome.ok ? "hint good" : "hint error";
    artifact.setAttribute("aria-invalid", String(!outcome.ok && artifact.value !== ""));
    byId("preview").textContent = outcome.body ? JSON.stringify(outcome.body, null, 2) : "";
    byId("send").disabled = !outcome.ok;
  }

  form.addEventListener("input", check);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    guarded(byId("send"), async () => {
      const signing = await client.requestSigning(input());
      artifact.value = "";
      description.value = "";
      await onRequested(signing);
    }).then(check);
  });

  return {
    use(next) {
      client = next;
    },
    async refresh() {
      products = await client.products();
      select.replaceChildren(...products.map(option));
      if (products.length === 0) say("There is no product yet: `npm run demo` or `createProduct` makes one.");
      check();
    },
  };
}

function option(product) {
  const element = make("option", product.name ?? product.id);
  element.value = product.id;
  return element;
}

/** What can be said about the form as it stands. */
function judge({ product, artifact, description }) {
  if (artifact === "") return { ok: false, text: "" };
  try {
    const reference = parseReference(artifact);
    if (!product) return { ok: false, text: "Choose a product." };
    checkRegistry(reference, product);
    const body = buildSigningRequest({ product, artifact: reference, description });
    const tag = reference.tag ? ` The tag ${reference.tag} is dropped: a signature binds the digest.` : "";
    return { ok: true, body, text: `Will be signed: ${reference.canonical}.${tag}` };
  } catch (error) {
    return { ok: false, text: `${error.message} ${error.fix ?? ""}` };
  }
}
