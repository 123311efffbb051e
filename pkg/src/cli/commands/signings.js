// `ocisign signings`: the requests at the service, such as those that wait for approval.
import { exitCode } from "../exit-codes.js";
import { artifactOf } from "../image.js";
import { findProduct } from "../product.js";
import { stateText, table } from "../request-text.js";

/**
 * @param {import("../session.js").Session} session
 * @param {{ state?: string, status?: number, limit?: number }} options
 */
export async function signings(session, { state, status, limit }) {
  const { output, settings, signal } = session;
  const client = await session.service();
  const { product } = settings;
  const productId = product?.isFlag ? (await findProduct(session, product.value)).id : undefined;
  // States are ours and codes are the service's: it can only filter by what it knows.
  const listed = await client.signings(
    { status, productId, limit: state === undefined ? limit : undefined },
    { signal },
  );
  const wanted = listed.filter((signing) => state === undefined || signing.state === state).slice(0, limit);
  const rows = wanted.map((signing) => {
    const { text, image } = artifactOf(signing);
    return [signing.id, stateText(signing), signing.createdAt, image?.canonical ?? text];
  });
  if (rows.length > 0) output.print(table(["REQUEST", "STATE", "CREATED", "IMAGE"], rows));
  else output.note("There are no such requests.");
  output.answer(wanted);
  return exitCode.done;
}
