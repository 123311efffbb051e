#!/bin/sh
# Installs the command line `ocisign` from its tarball, and only if it holds exactly the bytes that you expect. There is
# no release on npm yet, and a package that somebody registers there under this name is not ours.
#
#   OCISIGN_PACKAGE    the tarball: a path, or a URL with https
#   OCISIGN_INTEGRITY  sha512-… of it, as `npm run tarball` prints it and as npm writes it into a lock file
set -eu
: "${OCISIGN_PACKAGE:?Set it to the path or the URL of the tarball.}"
: "${OCISIGN_INTEGRITY:?Set it to what npm run tarball printed, sha512-….}"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tarball=$folder/ocisign.tgz
case $OCISIGN_PACKAGE in
  https://*) curl --silent --show-error --fail --location --proto =https --output "$tarball" "$OCISIGN_PACKAGE" ;;
  *://*) echo "OCISIGN_PACKAGE is neither a path nor a URL with https." >&2 && exit 2 ;;
  *) cp -- "$OCISIGN_PACKAGE" "$tarball" ;;
esac

found=sha512-$(openssl dgst -sha512 -binary "$tarball" | openssl base64 -A)
if [ "$found" != "$OCISIGN_INTEGRITY" ]; then
  echo "The tarball is $found, not OCISIGN_INTEGRITY. Nothing was installed." >&2
  exit 1
fi
npm install --global --ignore-scripts --no-audit --no-fund "$tarball"
