// A private CA, and certificates of it, made by openssl.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const openssl = (folder, ...args) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });

/** Writes ca.pem, server.pem and client.pem, with their keys, into a folder. */
export function makeCertificates(folder) {
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl(
    folder,
    "req",
    "-x509",
    ...newKey,
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-days",
    "2",
    "-subj",
    "/CN=private CA",
  );
  for (const name of ["server", "client"]) {
    writeFileSync(
      join(folder, `${name}.ext`),
      "subjectAltName=DNS:localhost,DNS:signing.example,IP:127.0.0.1\n",
    );
    openssl(
      folder,
      "req",
      ...newKey,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
      "-subj",
      `/CN=${name}`,
    );
    const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];
    openssl(
      folder,
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      ...signed,
      "-extfile",
      `${name}.ext`,
      "-out",
      `${name}.pem`,
    );
  }
  openssl(
    folder,
    "pkcs8",
    "-topk8",
    "-in",
    "client.key",
    "-out",
    "encrypted.key",
    "-passout",
    "pass:pass phrase",
  );
  const read = (name) => readFileSync(join(folder, name), "utf8");
  return { server: { key: read("server.key"), cert: read("server.pem") }, ca: read("ca.pem"), read };
}
