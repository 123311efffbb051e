import init, { SigningClient } from "ocisign";
import { createRoot } from "react-dom/client";
import { SignImage } from "./SignImage.js";

// With Vite: import wasm from "ocisign/ocisign.wasm?url", and init(wasm).
await init("/ocisign.wasm");

const client = new SigningClient({
  baseUrl: "https://app.laavat.io/acme/api/v1",
  // What the codes mean at your service. Without a profile only 16, signed, is known.
  profile: { statuses: { 2: "waiting", 4: "approved", 8: "signing", 32: "rejected", 64: "failed" } },
  // The portal knows who is signed in. The client calls this again when a token has expired.
  token: async () => (await fetch("/token")).text(),
});

const root = document.getElementById("root");
if (!root) throw new Error("The page has no element #root.");
createRoot(root).render(
  <SignImage
    client={client}
    productId="e1ec8ea5-b569-4da7-8a70-6eb910dad8ac"
    image="registry.example/team/app@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79"
  />,
);
