// One signing request: what will be signed, who agreed, and the decision.
import { publicKey } from "ocisign";
import { artifactOf } from "./artifact.js";
import { byId, explain, guarded, make, say } from "./dom.js";
import { stateText } from "./list.js";

export function createDetail({ profile, onDecided }) {
  let client;
  let shown;
  let watching = new AbortController();
  const comment = byId("comment");
  const approve = byId("approve");
  const reject = byId("reject");

  function draw(signing, key) {
    shown = signing;
    byId("facts").replaceChildren(...facts(signing, key).flatMap(([name, value]) => entry(name, value)));
    byId("detail").dataset.state = signing.state;
    byId("decision").hidden = signing.state !== "waiting";
  }

  async function open(signing) {
    watching.abort();
    watching = new AbortController();
    const { signal } = watching;
    comment.value = "";
    byId("detail").hidden = false;
    draw(signing);
    byId("detail-title").focus();
    try {
      const key = await keyOf(client, signing, profile, signal);
      draw(signing, key);
      await client.waitForSignature(signing.id, {
        signal,
        onStatus: (now) => {
          draw(now, key);
          // A callback cannot wait; what fails is explained all the same.
          Promise.resolve(onDecided()).catch(explain);
        },
      });
    } catch (error) {
      if (error.code !== "aborted") explain(error);
    }
  }

  approve.addEventListener("click", () =>
    guarded(approve, async () => {
      // `expect` binds the approval to what this page shows.
      const signing = await client.approve(shown.id, { expect: shown, comment: comment.value || undefined });
      say("Your approval was recorded.", "good");
      open(signing);
    }),
  );
  reject.addEventListener("click", () =>
    guarded(reject, async () => {
      const signing = await client.reject(shown.id, { comment: comment.value });
      say("Rejected.", "good");
      open(signing);
    }),
  );

  return {
    use(next) {
      watching.abort();
      client = next;
      byId("detail").hidden = true;
    },
    open,
  };
}

async function keyOf(client, signing, profile, signal) {
  try {
    return publicKey(
      await client.product(signing.productId, { signal }),
      signing.idProductOperation,
      profile,
    );
  } catch (error) {
    if (error.code === "aborted") throw error;
    return { fingerprint: `not readable: ${error.message}`, keyType: "" };
  }
}

function facts(signing, key) {
  const artifact = artifactOf(signing);
  const metadata = signing.payload?.metadata ?? [];
  const problem = artifact.problem ? [["Problem", make("strong", artifact.problem)]] : [];
  return [
    ["State", stateText(signing)],
    ["Image", make("code", artifact.text)],
    ...problem,
    ["As sent (base64)", make("code", artifact.encoded)],
    ["Why", signing.description || "(nothing was said)"],
    ["Requested by", signing.requester?.name ?? "(the service does not say)"],
    ["Metadata", metadata.map(({ name, value }) => `${name}: ${value}`).join(", ") || "(none)"],
    ["Key", key ? `${key.keyType} ${key.fingerprint}` : "…"],
    [
      "Approved by",
      (signing.approvals ?? []).map((it) => it.name ?? it.objectId ?? "?").join(", ") || "nobody yet",
    ],
    ["Groups missing", (signing.missingGroups ?? []).join(", ") || "none"],
    ...(signing.reason ? [["Reason", signing.reason]] : []),
    ["Request", make("code", signing.id)],
  ];
}

function entry(name, value) {
  return [make("dt", name), make("dd", value)];
}
