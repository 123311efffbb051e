// Certificates beside signatures: what ocisign attaches, read by cosign; what cosign attaches, verified by ocisign.
import { sign } from "node:crypto";
import { after, before, describe } from "node:test";
import { attachSignature, signingPayload, verifyImage } from "ocisign";
import { goProgram } from "../../tools/machine/go.js";
import { ca, lasting, Pki, signing } from "../support/code-signing.js";
import { openRegistry, pairing, withReferrers } from "../support/interop.js";

/** A cosign that failed because of what it saw. */
const refusals = [
  /certificate signed by unknown authority/,
  /failed to verify (?:leaf )?certificate/,
  /leaf certificate verification failed/,
  /none of the expected identities matched/,
  /no matching CertificateIdentity found/,
  /expected key signature, not certificate/,
];

const onlyTheRoot = "accepts; another root: refuses; another identity: refuses";

describe("certificates", () => {
  const pki = new Pki();
  /** @type {Awaited<ReturnType<typeof openRegistry>>} */
  let at;
  before(async () => {
    at = await openRegistry(withReferrers);
  });
  after(async () => {
    pki.close();
    await at?.close();
  });

  const identity = "release@example.com";
  const named = { extensions: [...signing, `subjectAltName=email:${identity}`], ...lasting };
  const root = pki.issue("/O=Example/CN=Root", lasting);
  const middle = pki.issue("/O=Example/CN=Middle", { issuer: root, extensions: ca, ...lasting });
  const leaf = pki.issue("/O=Example/CN=Release", { issuer: middle, ...named });
  const otherRoot = pki.issue("/O=Example/CN=Root", lasting);
  const otherMiddle = pki.issue("/O=Example/CN=Middle", { issuer: otherRoot, extensions: ca, ...lasting });

  /** Where ocisign reaches the registry. */
  const reached = () => {
    const { url, username, password } = at.access;
    return { url, username: username ?? undefined, password: password ?? undefined };
  };

  /** How cosign is told whom to trust: the file of a trusted root, CAs, or a chain. */
  const ways = {
    "--trusted-root": (/** @type {typeof root[]} */ authorities) => {
      const certificates = authorities.map(({ der }) => ({ rawBytes: der.toString("base64") }));
      const authority = {
        subject: { commonName: "Root" },
        uri: "https://ca.example",
        certChain: { certificates },
        validFor: { start: "2020-01-01T00:00:00Z" },
      };
      const mediaType = "application/vnd.dev.sigstore.trustedroot+json;version=0.1";
      return [
        at.tools.file("trusted.json", JSON.stringify({ mediaType, certificateAuthorities: [authority] })),
      ];
    },
    "--certificate-chain": (/** @type {typeof root[]} */ authorities) => [
      at.tools.file("chain.pem", authorities.map(({ pem }) => pem).join("")),
    ],
    "--ca-roots": (/** @type {typeof root[]} */ [between, above]) => [
      at.tools.file("root.pem", above?.pem ?? ""),
      "--ca-intermediates",
      at.tools.file("between.pem", between?.pem ?? ""),
    ],
  };

  /** @param {"cosign-v2" | "cosign-v3"} cosign @param {string[]} args */
  function accepts(cosign, args, image) {
    try {
      at.tools.run(
        goProgram(cosign),
        "verify",
        "--insecure-ignore-tlog=true",
        "--insecure-ignore-sct",
        ...args,
        image,
      );
      return true;
    } catch (error) {
      const said = String(/** @type {{ stderr?: Buffer }} */ (error).stderr);
      if (refusals.some((refusal) => refusal.test(said))) return false;
      throw new Error(said, { cause: error });
    }
  }

  for (const format of /** @type {const} */ (["simple-signing", "bundle"])) {
    const how =
      format === "bundle" ? ["--trusted-root"] : ["--trusted-root", "--certificate-chain", "--ca-roots"];
    describe(format, () => {
      let image;
      before(async () => {
        image = await at.image();
        const { bytes } = await signingPayload(image, format);
        const signature = sign("sha256", bytes, leaf.privateKey);
        const own = { publicKey: leaf.publicKey, certificate: leaf.pem, chain: middle.pem };
        await attachSignature(image, { format, signature, ...own, registry: reached() });
      });
      for (const cosign of /** @type {const} */ (["cosign-v3", "cosign-v2"])) {
        for (const way of how) {
          const row = {
            signer: "ocisign, with a certificate",
            format: format === "bundle" ? "bundle v0.3" : "simple signing",
            key: "secp256r1",
          };
          pairing(
            { ...row, registry: withReferrers, verifier: `${cosign} ${way}`, expected: onlyTheRoot },
            async () => {
              const says = (/** @type {typeof root[]} */ authorities, /** @type {string} */ who) => {
                const people = ["--certificate-identity", who, "--certificate-oidc-issuer-regexp", ".*"];
                return accepts(cosign, [way, ...ways[way](authorities), ...people], image)
                  ? "accepts"
                  : "refuses";
              };
              const [own, wrong, stranger] = [
                says([middle, root], identity),
                says([otherMiddle, otherRoot], identity),
                says([middle, root], "other@example.com"),
              ];
              return `${own}; another root: ${wrong}; another identity: ${stranger}`;
            },
          );
        }
      }
    });
  }

  for (const cosign of /** @type {const} */ (["cosign-v3", "cosign-v2"])) {
    const row = {
      signer: `${cosign} --certificate`,
      format: "simple signing",
      key: "secp256r1",
      registry: withReferrers,
    };
    pairing(
      { ...row, verifier: "ocisign", expected: "verified; another root: invalid; another identity: invalid" },
      async () => {
        const image = await at.image();
        const [key, certificate] = [
          at.tools.file("own.pem", leaf.keyPem),
          at.tools.file("own.crt", leaf.pem),
        ];
        const prefix = `${at.tools.folder}/${cosign}-certified`;
        at.tools.run(goProgram(cosign), "import-key-pair", "--key", key, "--output-key-prefix", prefix);
        const chain = ways["--certificate-chain"]([middle, root]);
        const v3 = ["--use-signing-config=false", "--new-bundle-format=false"];
        const args = [
          "--key",
          `${prefix}.key`,
          "-y",
          "--tlog-upload=false",
          ...(cosign === "cosign-v3" ? v3 : []),
        ];
        at.tools.run(
          goProgram(cosign),
          "sign",
          ...args,
          "--certificate",
          certificate,
          "--certificate-chain",
          ...chain,
          image,
        );
        const says = async (/** @type {typeof root} */ above, /** @type {string} */ who) => {
          const certificates = { roots: above.pem, identity: who };
          return (await verifyImage(image, { certificates, registry: reached() })).state;
        };
        const [own, wrong, stranger] = [
          await says(root, identity),
          await says(otherRoot, identity),
          await says(root, "other@example.com"),
        ];
        return `${own}; another root: ${wrong}; another identity: ${stranger}`;
      },
    );
  }
});
