// The examples below each command's help. Each of them is run by the tests.

const image =
  "656666598317.dkr.ecr.eu-west-1.amazonaws.com/test@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
const request = "a83081a6-1d3b-4117-a81b-0ebcfcf0669c";
const product = "e1ec8ea5-b569-4da7-8a70-6eb910dad8ac";
const operation = "b4f4c9e4-cbd2-4073-820c-9d553a957e54";
const encoded =
  "NjU2NjY2NTk4MzE3LmRrci5lY3IuZXUtd2VzdC0xLmFtYXpvbmF3cy5jb20vdGVzdEBzaGEyNTY6M2ZiYzYzMjE2NzQyNGE2ZDk5N2U3NGY1MmI4NzhkN2NjNDc4MjI1Y2ZmYWM2YmM5NzdlZWRmZTUxYzdmNGU3OQo=";

/** @param {...[what: string, line: string]} lines */
function examples(...lines) {
  const shown = lines.map(([what, line]) => `  # ${what}\n  $ ${line}`);
  return `\nExamples:\n${shown.join("\n")}`;
}

export const program = `${examples(
  [
    "Once a day: where the service is, and how to get a token.",
    "export OCISIGN_URL=https://app.laavat.io/acme/api/v1 OCISIGN_TOKEN_FILE=token",
  ],
  ["What can sign here?", "ocisign products"],
  ["Ask for a signature and wait for it.", `ocisign sign ${image} --product "OCI SIGN" --wait --timeout 30m`],
)}

Settings come from flags, else from the environment, else from the configuration file. Connection
options may stand before the command or after it.

Exit codes: 0 done, 1 error, 2 wrong usage, 3 still waiting, 4 rejected or failed,
5 verification failed, 130 interrupted.

Every command has --help.`;

export const sign =
  examples(
    [
      "Ask for a signature; the id is needed to approve it.",
      `ocisign sign ${image} --product "OCI SIGN" --description "Release 1.2" --metadata Version=1.2`,
    ],
    [
      "Wait for the approvals, and prove what the registry holds.",
      `ocisign sign ${image} --product "OCI SIGN" --verify --timeout 2h`,
    ],
    ["Many images, one a line.", 'ocisign sign --from-file images.txt --product "OCI SIGN" --json'],
  ) +
  `

Ends with 0 when it is requested; with --wait when it is signed, 3 when the time was over, 4 when it
was rejected or failed; with --verify also 5 when the signature does not hold.`;

export const approve =
  examples(
    ["See what will be signed, and approve it by the end of its digest.", `ocisign approve ${request}`],
    [
      "In a script: only if it is for this digest.",
      `ocisign approve ${request} --digest sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79`,
    ],
  ) +
  `

The approval is bound to what was shown: if the request is changed meanwhile, nothing is approved.
Without a terminal --digest or --yes is needed.`;

export const reject = examples([
  "The requester reads why.",
  `ocisign reject ${request} --comment "wrong branch"`,
]);

export const status =
  examples(
    ["How does it stand?", `ocisign status ${request}`],
    ["Wait for its end, half an hour at most.", `ocisign status ${request} --wait --timeout 30m`],
  ) +
  `

Ends with 0 when it is signed, 3 when it is not final, 4 when it was rejected or failed.`;

export const signings = examples(
  ["What waits for approval?", "ocisign signings --state waiting"],
  ["The last ten of a product, for a program.", 'ocisign signings --product "OCI SIGN" --limit 10 --json'],
);

export const products = examples(
  ["All that you may see.", "ocisign products"],
  ["One, with its operations.", 'ocisign products "OCI SIGN"'],
);

export const key = examples([
  "Give it to cosign, Kyverno or openssl.",
  'ocisign key --product "OCI SIGN" > ocisign.pem',
]);

export const verify =
  examples(
    ["With a key that you have; no service is asked.", `ocisign verify ${image} --key ocisign.pem`],
    ["With the key of a product.", `ocisign verify ${image} --product "OCI SIGN"`],
    [
      "While keys are changed: the old one or the new one.",
      `ocisign verify ${image} --key old.pem --key ocisign.pem --threshold 1`,
    ],
  ) +
  `

Ends with 0 when it is verified, 5 when it is unsigned or the signatures do not hold, 1 when something
could not be read: that is never called unsigned.

Here --key is the public key. The key of a client certificate is --tls-key, or --key before \`verify\`.`;

export const completion = examples(
  ["bash, with the package bash-completion; in ~/.bashrc to keep it.", "source <(ocisign completion bash)"],
  ["zsh, after compinit; in ~/.zshrc to keep it.", "source <(ocisign completion zsh)"],
  ["fish.", "ocisign completion fish > ~/.config/fish/completions/ocisign.fish"],
);

export const imagesigning = examples(
  [
    "Request, approve, look.",
    `ocisign -c -t $TOKEN imagesigning add SignOCI -P ${product} --operid ${operation} -A ${encoded}`,
  ],
  ["", `ocisign -c -t $APPROVERTOKEN imagesigning approve -I ${request}`],
  ["", `ocisign -c -t $TOKEN imagesigning get -I ${request}`],
).replaceAll("  # \n", "");

export const add = examples([
  "As the reference client is called.",
  `ocisign -c -t $TOKEN imagesigning add SignOCI -P ${product} --operid ${operation} -A ${encoded}`,
]);

export const approveById = examples([
  "As the reference client is called.",
  `ocisign -c -t $APPROVERTOKEN imagesigning approve -I ${request}`,
]);

export const rejectById = examples([
  "With the reason, which the service asks for.",
  `ocisign -t $APPROVERTOKEN imagesigning reject -I ${request} --comment "wrong branch"`,
]);

export const get = examples([
  "As the reference client is called.",
  `ocisign -c -t $TOKEN imagesigning get -I ${request}`,
]);
