#!/bin/sh
# Puts a public key where a policy says THE PUBLIC KEY, indented as that line is:
#   sh with-key.sh release.pub < kyverno.yaml | kubectl apply -f -
set -eu
KEY=$1 exec awk '
  /^ *THE PUBLIC KEY$/ {
    indent = substr($0, 1, index($0, "T") - 1)
    while ((got = (getline line < ENVIRON["KEY"])) > 0) print indent line
    if (got < 0) { print "with-key.sh: " ENVIRON["KEY"] " cannot be read" > "/dev/stderr"; exit 1 }
    next
  }
  { print }
'
