import init, { artifactOf, OcisignError, SigningClient, waitAndVerify } from "ocisign";

const productId = "e1ec8ea5-b569-4da7-8a70-6eb910dad8ac";
// What the codes mean at your service. Without a profile only 16, signed, is known.
const profile = { statuses: { 2: "waiting", 4: "approved", 8: "signing", 32: "rejected", 64: "failed" } };
// The portal knows who is signed in. The client calls this again when a token has expired.
const token = async () => (await fetch("/token")).text();

const form = document.getElementById("sign");
const list = document.getElementById("waiting");

await init();
const client = new SigningClient({ baseUrl: "https://app.laavat.io/acme/api/v1", token, profile });

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { image, why } = Object.fromEntries(new FormData(form));
  act(async () => {
    const request = await client.requestSigning({ productId, artifact: image, description: why });
    const { signing, verification } = await waitAndVerify(client, request.id, {
      reference: image,
      onStatus: ({ state }) => say(`${image}: ${state}`),
    });
    // "signed" is the service's claim; the verification shows what the registry holds.
    say(
      verification ? `${verification.state}: ${verification.reason}` : `${signing.state}: ${signing.reason}`,
    );
  });
});

async function listWaiting() {
  const requests = await client.signings();
  list.replaceChildren(...requests.filter(({ state }) => state === "waiting").map(row));
}

function row(request) {
  const item = document.createElement("li");
  const artifact = artifactOf(request);
  if (artifact.state !== "image") {
    item.append(`${request.id} names no valid image: ${artifact.state}`);
    return item;
  }
  const image = artifact.text;
  const button = document.createElement("button");
  button.textContent = "Approve";
  button.onclick = () =>
    act(async () => {
      // Bound to what this row shows: if the request has changed, the client does not approve it.
      await client.approve(request.id, { expect: request });
      say(`approved: ${image}`);
      await listWaiting();
    });
  item.append(`${image}, “${request.description}” `, button);
  return item;
}

async function act(action) {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof OcisignError)) throw error;
    say(`${error.message} ${error.fix}`);
  }
}

function say(text) {
  document.getElementById("said").textContent = text;
}

await act(listWaiting);
