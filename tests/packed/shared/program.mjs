// What every runtime does with the installed package: the whole flow, from a line of text to the proof.

/**
 * @param {typeof import("ocisign")} ocisign loaded
 * @param {any} task where to sign what, and who may
 */
export async function program(ocisign, task) {
  const { baseUrl, profile, productId, operationId, image, tokens } = task;
  const { buildSigningRequest, OcisignError, parseReference, publicKey } = ocisign;
  const client = (role) => new ocisign.SigningClient({ baseUrl, profile, token: () => tokens[role] });

  const reference = parseReference(image);
  const description = "packed";
  const body = buildSigningRequest({ productId, operationId, artifact: reference, description });
  const requester = client("requester");
  const key = publicKey(await requester.product(productId), operationId, profile);
  const before = await ocisign.verifyImage(reference, { publicKey: key });

  const request = await requester.requestSigning({ productId, artifact: reference, description });
  const waiting = ocisign.waitAndVerify(requester, request.id, { intervalMs: 50, timeoutMs: 120_000 });
  const approving = approve(request.id, [client("approver-one"), client("approver-two")]);
  const [{ signing, verification }] = await Promise.all([waiting, approving]);

  return {
    canonical: reference.canonical,
    body,
    key: key.pem,
    requested: request.state,
    before: before.state,
    status: signing.status,
    verification: verification.state,
    signatures: verification.signatures.map(({ format, hash }) => `${format} ${hash}`),
    refusal: refusal(() => parseReference("nginx"), OcisignError),
  };
}

async function approve(id, approvers) {
  for (const approver of approvers) {
    const shown = await approver.signing(id);
    await approver.approve(id, { expect: shown, comment: "seen" });
  }
}

/** Errors are of the package's own class, with words for programs and for people. */
function refusal(act, OcisignError) {
  try {
    act();
  } catch (error) {
    return error instanceof OcisignError && error.message && error.fix ? error.code : String(error);
  }
}
