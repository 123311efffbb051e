import { type FinalSigning, OcisignError, type ProductId, type Signing, type SigningClient } from "ocisign";
import { useEffect, useRef, useState } from "react";

type Progress =
  | { step: "ready" }
  | { step: "asking" }
  | { step: "waiting"; signing: Signing }
  | { step: "done"; signing: FinalSigning }
  | { step: "failed"; error: OcisignError };

interface Props {
  client: SigningClient;
  productId: ProductId;
  /** `registry/repository@sha256:…` */
  image: string;
}

/** A button that requests the signature of an image and shows the progress. */
export function SignImage({ client, productId, image }: Props) {
  const [progress, setProgress] = useState<Progress>({ step: "ready" });
  const leaving = useRef<AbortController>(null);
  // A person who leaves the page stops watching; the request continues.
  useEffect(() => () => leaving.current?.abort(), []);

  async function sign() {
    leaving.current = new AbortController();
    const { signal } = leaving.current;
    setProgress({ step: "asking" });
    try {
      const request = await client.requestSigning({ productId, artifact: image }, { signal });
      const onStatus = (signing: Signing) => setProgress({ step: "waiting", signing });
      const signing = await client.waitForSignature(request.id, { onStatus, signal });
      setProgress({ step: "done", signing });
    } catch (error) {
      if (!(error instanceof OcisignError)) throw error;
      if (error.code !== "aborted") setProgress({ step: "failed", error });
    }
  }

  const busy = progress.step === "asking" || progress.step === "waiting";
  return (
    <section>
      <code>{image}</code>
      <button type="button" disabled={busy} onClick={sign}>
        Sign this image
      </button>
      <p role="status">{told(progress)}</p>
    </section>
  );
}

function told(progress: Progress): string {
  switch (progress.step) {
    case "ready":
      return "";
    case "asking":
      return "Asking…";
    case "waiting":
      return progress.signing.state === "waiting" ? "Waiting for approval" : `Now: ${progress.signing.state}`;
    case "done":
      if (progress.signing.state === "signed") return "Signed: the registry holds the signature";
      return `${progress.signing.state}: ${progress.signing.reason ?? "no reason was given"}`;
    case "failed":
      return `${progress.error.message} ${progress.error.fix}`;
  }
}
