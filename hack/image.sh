#!/usr/bin/env bash
# Builds the operator's image without a Docker engine, from Go modules alone, into
# dist/image: an OCI layout, an archive for each platform, and what is in them (SPDX).
#
# usage: hack/image.sh [VERSION]
#
#   BASE       own (the default), the folder of an OCI layout, or a name in a registry
#   PLATFORMS  "linux/amd64 linux/arm64" unless told
#   OUT        dist/image unless told
#
# Without git, VERSION and REVISION and SOURCE_DATE_EPOCH say what a checkout would: the
# same three give the same image, byte for byte.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

in_git() { git rev-parse --is-inside-work-tree >/dev/null 2>&1; }

# of_git runs git, or prints what to say without it.
of_git() {
	local otherwise=$1
	shift
	if in_git; then git "$@"; else printf '%s\n' "$otherwise"; fi
}

version=${1:-${VERSION:-$(of_git v0.0.0 describe --tags --always --dirty)}}
revision=${REVISION-$(of_git '' rev-parse HEAD)}
created=${SOURCE_DATE_EPOCH:-$(of_git 0 log -1 --format=%ct)}
out=${OUT:-dist/image}
readonly version revision created

build() {
	local platform=$1 binary=$2
	CGO_ENABLED=0 GOOS=${platform%/*} GOARCH=${platform#*/} GOAMD64=v1 GOARM64=v8.0 GOEXPERIMENT='' GOFLAGS='' \
		go build -trimpath -buildvcs=false -ldflags "-s -w -X main.release=$version" -o "$binary" ./cmd/manager
}

mkdir -p "$out/bin"
binaries=()
for platform in ${PLATFORMS:-linux/amd64 linux/arm64}; do
	printf 'Building the operator %s for %s.\n' "$version" "$platform"
	binary=$(cd "$out/bin" && pwd)/${platform/\//-}/manager
	build "$platform" "$binary"
	binaries+=("$binary")
done
out=$(cd "$out" && pwd)
go run -C hack/image . --base "${BASE:-own}" --out "$out" \
	--version "$version" --revision "$revision" --created "$created" "${binaries[@]}"
