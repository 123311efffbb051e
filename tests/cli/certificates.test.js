// Certificates and keys for TLS in the forms in which Windows and others export them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { TLSSocket } from "node:tls";
import { makeCertificates } from "../support/certificates.js";
import { shellIn } from "../support/cli.js";
import { fakeService } from "../support/fake-service.js";

let shell;
let certificates;
let service;
before(async () => {
  shell = shellIn("certificates", { OCISIGN_TOKEN: "the-token" });
  certificates = makeCertificates(shell.folder);
  service = await fakeService(
    ({ socket }) => {
      assert.ok(socket instanceof TLSSocket);
      return { body: [{ id: "p", name: socket.getPeerCertificate().subject.CN }] };
    },
    { ...certificates.server, ca: certificates.ca, requestCert: true, rejectUnauthorized: true },
  );
  for (const name of ["ca", "client"]) run(`x509 -in ${name}.pem -outform DER -out ${name}.cer`);
  run("ec -in client.key -outform DER -out sec1.der");
  run("pkcs8 -topk8 -nocrypt -in client.key -outform DER -out pkcs8.der");
  run("pkcs8 -topk8 -in client.key -outform DER -out encrypted.der -passout pass:hush");
  run("pkcs12 -export -inkey client.key -in client.pem -out client.p12 -passout pass:hush");
  run("crl2pkcs7 -nocrl -certfile ca.pem -outform DER -out ca.p7b");
  run("crl2pkcs7 -nocrl -certfile ca.pem -out ca.p7c");
});
after(() => {
  service?.close();
  shell?.remove();
});

/** @param {string} line */
function run(line) {
  execFileSync("openssl", line.split(" "), { cwd: shell.folder, stdio: "pipe" });
}

test("DER, UTF-16 and byte order marks are read", async () => {
  const utf16 = (/** @type {string} */ name) => Buffer.from(`\ufeff${certificates.read(name)}`, "utf16le");
  shell.file("ca16.pem", utf16("ca.pem"));
  shell.file("client16.pem", utf16("client.pem"));
  shell.file("key16.pem", utf16("client.key"));
  shell.file("ca8.pem", `\ufeffOur CA\n${certificates.read("ca.pem")}`);
  for (const [ca, cert, key, env] of /** @type {[string, string, string, Record<string, string>?][]} */ ([
    ["ca.cer", "client.cer", "sec1.der"],
    ["ca16.pem", "client16.pem", "key16.pem"],
    ["ca8.pem", "client.pem", "pkcs8.der"],
    ["ca.pem", "client.cer", "encrypted.der", { OCISIGN_TLS_PASSPHRASE: "hush" }],
  ])) {
    const args = ["products", "-a", service.url, "--cacert", ca, "--cert", cert, "--tls-key", key];
    const done = await shell.ocisign(args, { env });
    assert.equal(done.code, 0, `${ca} ${cert} ${key}: ${done.stderr}`);
  }
});

test("what is not read is named, with its setting", async () => {
  shell.file("half.der", Buffer.from([0x30, 0x82, 0, 0]));
  shell.file("ssh.key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbg==\n-----END OPENSSH PRIVATE KEY-----\n");
  for (const [args, said] of /** @type {[string[], RegExp][]} */ ([
    [["--cacert", "ca.p7b"], /--cacert: ca\.p7b: it is a PKCS#7 file[\s\S]*openssl pkcs7/],
    [["--cacert", "ca.p7c"], /--cacert: ca\.p7c: it is a PKCS#7 file/],
    [["--cert", "client.p12"], /--cert: client\.p12: it is a PKCS#12 file[\s\S]*openssl pkcs12/],
    [["--cacert", "half.der"], /--cacert: half\.der: it is binary/],
    [["--cacert", "pkcs8.der"], /--cacert: pkcs8\.der: it holds no PEM certificate/],
    [["--cert", "client.pem", "--tls-key", "ssh.key"], /--tls-key: .*ssh\.key: it holds a key of OpenSSH/],
    [["--cert", "client.pem", "--tls-key", "encrypted.der"], /OCISIGN_TLS_PASSPHRASE/],
  ])) {
    const { code, stderr } = await shell.ocisign(["products", "-a", service.url, ...args]);
    assert.equal(code, 1, stderr);
    assert.match(stderr, said);
  }
});
