# The sandbox, for a laptop's or a CI's containers: docker build -t ocisign-sandbox .
# The images are named by version. Who wants them by digest adds it: docker buildx imagetools inspect IMAGE.

FROM docker.io/library/rust:1.90.0-bookworm AS build
WORKDIR /source
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY src src
COPY grammar grammar
COPY sandbox sandbox
# Only what the workspace needs to be read.
COPY tools/build/bindgen tools/build/bindgen
COPY tools/check/wasm-test-runner tools/check/wasm-test-runner
RUN cargo build --release --locked --package ocisign-sandbox

FROM docker.io/library/debian:12.12-slim
# Certificates of registries and issuers; the first stage has what Debian trusts.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /source/target/release/ocisign-sandbox /usr/local/bin/ocisign-sandbox
RUN useradd --system --uid 10001 --user-group --create-home --home-dir /var/lib/ocisign --shell /usr/sbin/nologin ocisign \
 && chmod 0700 /var/lib/ocisign
USER 10001:10001
WORKDIR /var/lib/ocisign
# Everybody who reaches these ports can use the sandbox, so publish them on loopback only: -p 127.0.0.1:8088:8088.
ENV OCISIGN_SANDBOX_DATA=/var/lib/ocisign/data \
    OCISIGN_SANDBOX_READY_FILE=/var/lib/ocisign/ready.json \
    OCISIGN_SANDBOX_LISTEN=0.0.0.0:8088 \
    OCISIGN_SANDBOX_REGISTRY_LISTEN=0.0.0.0:5088 \
    OCISIGN_SANDBOX_ALLOW_REMOTE=true \
    OCISIGN_SANDBOX_LOG_FORMAT=json
EXPOSE 8088 5088
VOLUME /var/lib/ocisign
# bash, because the image has no other program that speaks HTTP.
HEALTHCHECK --interval=5s --timeout=6s --start-period=5s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8088 && printf 'GET /readyz HTTP/1.0\\r\\nHost: 127.0.0.1:8088\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.[01] 200 ' <&3"]
ENTRYPOINT ["/usr/local/bin/ocisign-sandbox"]
