# shellcheck shell=sh
# Has an image signed and verified: what the GitHub action and the GitLab component run. Each input comes in a variable,
# and is passed on as one word, whatever it holds. What an input leaves empty, the job's own OCISIGN_… variables may say.
set -eu
: "${INPUT_IMAGE:?Set the input image to registry/repository@sha256:….}"
set -- \
  ${INPUT_URL:+--url "$INPUT_URL"} \
  ${INPUT_PROFILE:+--profile "$INPUT_PROFILE"} \
  ${INPUT_PRODUCT:+--product "$INPUT_PRODUCT"} \
  ${INPUT_OPERATION:+--operation "$INPUT_OPERATION"} \
  ${INPUT_TOKEN_FILE:+--token-file "$INPUT_TOKEN_FILE"} \
  ${INPUT_TOKEN_COMMAND:+--token-command "$INPUT_TOKEN_COMMAND"} \
  ${INPUT_REGISTRY_URL:+--registry-url "$INPUT_REGISTRY_URL"} \
  ${INPUT_REGISTRY_USERNAME:+--registry-username "$INPUT_REGISTRY_USERNAME"} \
  ${INPUT_REGISTRY_PASSWORD_FILE:+--registry-password-file "$INPUT_REGISTRY_PASSWORD_FILE"} \
  ${INPUT_THRESHOLD:+--threshold "$INPUT_THRESHOLD"} \
  ${INPUT_TRUST:+--trust "$INPUT_TRUST"} \
  ${INPUT_NAME:+--name "$INPUT_NAME"} \
  ${INPUT_DESCRIPTION:+--description "$INPUT_DESCRIPTION"} \
  ${INPUT_TIMEOUT:+--timeout "$INPUT_TIMEOUT"} \
  ${INPUT_OUTPUTS:+--outputs "$INPUT_OUTPUTS"} \
  ${INPUT_SUMMARY:+--summary "$INPUT_SUMMARY"} \
  ${INPUT_REPORT:+--report "$INPUT_REPORT"} \
  ${INPUT_STATE_DIR:+--state-dir "$INPUT_STATE_DIR"}
# Another word is a slip: taken for "false", it would ask for less than was meant.
case ${INPUT_AGAIN:-false} in
  true) set -- "$@" --again ;;
  false) ;;
  *) echo "The input again is neither true nor false." >&2 && exit 2 ;;
esac
case ${INPUT_REQUIRE_REPOSITORY:-false} in
  true) set -- "$@" --require-repository ;;
  false) ;;
  *) echo "The input require-repository is neither true nor false." >&2 && exit 2 ;;
esac
# Of these inputs, each line is one value.
while IFS= read -r line; do [ -z "$line" ] || set -- "$@" --key "$line"; done <<LINES
${INPUT_KEY:-}
LINES
while IFS= read -r line; do [ -z "$line" ] || set -- "$@" --metadata "$line"; done <<LINES
${INPUT_METADATA:-}
LINES
while IFS= read -r line; do [ -z "$line" ] || set -- "$@" --certificate-root "$line"; done <<LINES
${INPUT_CERTIFICATE_ROOT:-}
LINES
while IFS= read -r line; do [ -z "$line" ] || set -- "$@" --certificate-identity "$line"; done <<LINES
${INPUT_CERTIFICATE_IDENTITY:-}
LINES
# The signals of a runner reach the program itself. No image is an option: --help would end the job well.
exec ocisign ensure "$@" -- "$INPUT_IMAGE"
