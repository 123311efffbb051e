// What a TypeScript user writes, and what the compiler must refuse. Checked by `tsc`, never run.
import init, {
  buildProduct,
  buildSigningRequest,
  decodeStatus,
  type ErrorCode,
  OcisignError,
  type Product,
  parseReference,
  publicKey,
  type Signing,
  SigningClient,
  verifyImage,
} from "ocisign";

export async function wholeFlow(fetchToken: () => Promise<string>): Promise<string> {
  await init();
  const client = new SigningClient({ baseUrl: "https://app.laavat.io/acme/api/v1", token: fetchToken });
  const image = parseReference("registry.example/app@sha256:00");
  const region: string | undefined = image.ecr?.region;
  const product: Product = await client.createProduct(
    buildProduct({ name: region ?? "p", registry: image.registry, allowedGroups: [] }),
  );
  const request: Signing = await client.requestSigning({ product, artifact: image });
  await client.approve(request.id, { expect: request });
  const end = await client.waitForSignature(request.id, { onStatus: ({ state }) => state satisfies string });
  switch (end.state) {
    case "signed":
      return publicKey(product).fingerprint;
    case "rejected":
    case "failed":
      return end.reason ?? "";
    default:
      // A wait ends only in a final state.
      return end satisfies never;
  }
}

export function whichError(error: unknown): ErrorCode | undefined {
  return error instanceof OcisignError ? error.code : undefined;
}

const status = decodeStatus(16);
if (status.final) {
  status.state satisfies "signed" | "rejected" | "failed";
  // @ts-expect-error a final state is never "waiting"
  status.state satisfies "waiting";
}

export async function prove(image: string, pem: string): Promise<string> {
  const verification = await verifyImage(image, {
    keys: [pem, new Uint8Array()],
    threshold: 2,
    recursive: true,
  });
  switch (verification.state) {
    case "verified":
      return verification.keys.join();
    case "invalid":
      return verification.signatures.map(({ reason }) => reason ?? "").join();
    case "unsigned":
    case "unreachable":
      return verification.problems.map(({ fix }) => fix).join();
    default:
      return verification satisfies never;
  }
}

// @ts-expect-error a key is needed
verifyImage("a.b/c@sha256:00", {});
// @ts-expect-error publicKey and keys exclude each other
verifyImage("a.b/c@sha256:00", { publicKey: "", keys: [] });
// @ts-expect-error an operation type is not a field of the input
buildProduct({ name: "p", registry: "a.b", allowedGroups: [], operationType: "SignOCI" });
// @ts-expect-error the artifact is required
buildSigningRequest({ productId: "p", operationId: "o" });
// @ts-expect-error a status is a number
decodeStatus("16");
// @ts-expect-error a rejection needs a comment
new SigningClient({ baseUrl: "", token: "" }).reject("id", {});
