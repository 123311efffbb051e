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

// @ts-expect-error an operation type is not a field of the input
buildProduct({ name: "p", registry: "a.b", allowedGroups: [], operationType: "SignOCI" });
// @ts-expect-error the artifact is required
buildSigningRequest({ productId: "p", operationId: "o" });
// @ts-expect-error a status is a number
decodeStatus("16");
// @ts-expect-error a rejection needs a comment
new SigningClient({ baseUrl: "", token: "" }).reject("id", {});
