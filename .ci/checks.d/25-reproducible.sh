#!/usr/bin/env bash
# The engine as it is published: jar, sources and javadoc are made without a warning, and two builds in
# two directories come to the same bytes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# build DIR: builds a copy of the sources there, and prints the checksums of its jars.
build() {
  mkdir "$1"
  git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from=- --ignore-failed-read | tar --extract -C "$1"
  (cd "$1" && ./mvnw -B -q -Prelease -Dmaven.test.skip=true -pl engine -am package >&2)
  (cd "$1/engine/target" && sha256sum ./atlaskv-engine-*.jar)
}

build "$work/first" >"$work/first.sums"
build "$work/second-of-another-length" >"$work/second.sums"
cat "$work/first.sums"
diff "$work/first.sums" "$work/second.sums"
for kind in '' -sources -javadoc; do
  ls "$work"/first/engine/target/atlaskv-engine-*[0-9T]"$kind".jar >/dev/null
done
