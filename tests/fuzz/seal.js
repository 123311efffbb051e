// An image, and who signs it. The private keys of these were thrown away: what they have signed stands in the corpora.

/** The image that is asked about. */
export const digest = `sha256:${"3fbc".repeat(16)}`;
export const reference = `registry.example/team/app@${digest}`;

/** Another one. */
export const other = `sha256:${"a110".repeat(16)}`;

/** One has signed other images, the other nothing. */
export const publicKeys = {
  trusted: `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3DBJTfkAJQXumU0GPrFyDkfV0qMM
IJJYrk+PwunsQEQlSemS8RkPxr9NNxpZDBD+0zDdKp3bAxUo39fI56C4Aw==
-----END PUBLIC KEY-----
`,
  stranger: `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEFIh//pWsfskN0eIz5VZRnNA6xShy
3DDV7GmH1tnF9zOmXc8c+cbSKlo2qXVUhd+cFbDSdodEynu4OYIU5XJZpA==
-----END PUBLIC KEY-----
`,
};

/** The only root that is trusted. */
export const rootOfFuzz = `-----BEGIN CERTIFICATE-----
MIIBhTCCASygAwIBAgIURLHGhLH3vRUZ4nJOCUYu5Mdk1fowCgYIKoZIzj0EAwIw
ITEQMA4GA1UECgwHRXhhbXBsZTENMAsGA1UEAwwEUm9vdDAeFw0yNjAxMDEwMDAw
MDBaFw0yNzAxMDEwMDAwMDBaMCExEDAOBgNVBAoMB0V4YW1wbGUxDTALBgNVBAMM
BFJvb3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQa5Sg4cxb7Q9kHy+fxZQTL
MR3lOclwHRlX41m8fs2FPE9PZZmuOYQa1QjL6+RVCSMQQCEkLx0MyWub5RC8F8V3
o0IwQDAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQU
IEfkI6qt4UkusTIY8lLNlE1XU5EwCgYIKoZIzj0EAwIDRwAwRAIgHCApeVghNtpS
I3+wFtwzEE8mFrJAjt9197G0UIHB1J8CIFufLcIUq0bLNMSpWDnMHA7ixAg1GCYN
MgiB7hDK50SW
-----END CERTIFICATE-----
`;

/** The key of the one certificate that it vouches for. */
export const trustedSpki =
  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEswKvBCLXYjwPqVUzO0hsfIzeb4sRLSv2Lv1418KX1dlcE7zWPK+6pTNNjYwjsRcAkdDjNMBwkimRDsHl7fWg0A==";
