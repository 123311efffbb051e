// Fetches a product's secrets document. The library's client calls: with its rules for tokens, repetitions, time limits
// and errors. What it hands over is only who answered; the document itself stays here.
import type { Fetch } from "ocisign";
import { textUpTo } from "../../http/bounded.ts";
import { libraryError } from "../library-error.ts";
import { Problem } from "../problem.ts";
import { openService } from "../service.ts";
import type { Session } from "../session.ts";
import { largestDocument } from "./read.ts";

/** From the vendor's public documentation. */
const route = "distributions/products/{id}/secrets";

export async function fetchSecrets(session: Session, productId: string): Promise<string> {
  let document: string | undefined;
  const send: Fetch = session.network.fetch ?? fetch;
  const client = await openService(session, {
    route,
    fetch: async (url, init) => {
      const headers = { ...init.headers, accept: "application/jose, application/json" };
      const reply = await send(url, { ...init, headers });
      if (reply.status !== 200) return reply;
      document = await textUpTo(reply, largestDocument);
      const text = async () => JSON.stringify({ id: productId });
      return { status: reply.status, headers: reply.headers, text };
    },
  });
  try {
    await client.product(productId, { signal: session.signal });
  } catch (error) {
    throw ofSecrets(error);
  }
  if (document !== undefined) return document;
  const what = "The service's answer is larger than a secrets document is.";
  throw new Problem("bad-secrets", what, "Check --url; something else may have answered.");
}

/** The client believes that it reads a product. */
function ofSecrets(error: unknown): unknown {
  const { code, message, fix } = libraryError(error) ?? {};
  if (code === undefined || message === undefined) return error;
  const own = new Map([
    ["forbidden", "Check that you are the user of an approved client of this product."],
    ["not-found", "Check the product's id: the service has no secrets of it, or does not show them to you."],
  ]);
  const said = message.replace("Reading the product", "Reading the product's secrets");
  return new Problem(code, said, own.get(code) ?? String(fix), { cause: error });
}
