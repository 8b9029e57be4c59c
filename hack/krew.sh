#!/usr/bin/env bash
# Fills in the krew manifest and has krew's own validator judge it.
#
#   hack/krew.sh check VALIDATOR            with sums of nothing: is the manifest well-formed?
#   hack/krew.sh build VALIDATOR VERSION    builds the archives of all platforms into dist/krew
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly verb=$1 validator=$2 version=${3:-v0.0.0}
readonly manifest=hack/krew/china-account.yaml
mapfile -t platforms < <(sed -n 's/.*sha256: "SHA256_\(.*\)"/\1/p' "$manifest")

say() { printf '%s\n' "$*"; }

archive() {
	local platform=$1 folder binary=kubectl-china_account
	folder=$(mktemp -d)
	[[ $platform == windows_* ]] && binary+=.exe
	CGO_ENABLED=0 GOOS=${platform%_*} GOARCH=${platform#*_} \
		go build -trimpath -ldflags=-s -o "$folder/$binary" ./cmd/kubectl-china_account
	cp LICENSE cmd/kubectl-china_account/kubectl_complete-china_account "$folder"
	tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C "$folder" -czf "dist/krew/kubectl-china_account_$platform.tar.gz" .
	rm -r "$folder"
}

# fill writes the manifest to $1; the sum of each platform is what $2 prints of it.
fill() {
	local text platform
	text=$(sed "s/VERSION/$version/g; /^#/d" "$manifest")
	for platform in "${platforms[@]}"; do
		text=${text/SHA256_$platform/$("$2" "$platform")}
	done
	say "$text" >"$1"
}

no_sum() { printf '%064d' 0; }
sum() { sha256sum "dist/krew/kubectl-china_account_$1.tar.gz" | cut -d' ' -f1; }

case $verb in
check)
	folder=$(mktemp -d)
	trap 'rm -r "$folder"' EXIT
	fill "$folder/china-account.yaml" no_sum
	"$validator" -skip-install -manifest "$folder/china-account.yaml" 2>"$folder/log" || {
		cat "$folder/log" >&2
		exit 1
	}
	say "krew's validator accepts the manifest, for ${platforms[*]}."
	;;
build)
	mkdir -p dist/krew
	for platform in "${platforms[@]}"; do
		say "Building the plugin for $platform."
		archive "$platform"
	done
	fill dist/krew/china-account.yaml sum
	"$validator" -skip-install -manifest dist/krew/china-account.yaml
	;;
*)
	say "hack/krew.sh check|build VALIDATOR [VERSION]" >&2
	exit 2
	;;
esac
