#!/usr/bin/env bash
# Fails if a CRD has changed in a way that breaks objects, manifests or clients of the
# last release (api/v1alpha1/testdata/released/README.md). crdify judges.
#
# usage: hack/api-compat.sh CRDIFY [OLD [NEW]]
#
# OLD and NEW are folders of CRDs. NEW is config/crd/bases unless told, OLD is that of the
# newest tag v*, or api/v1alpha1/testdata/released/baseline while there is none.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly bases=config/crd/bases released=api/v1alpha1/testdata/released
readonly crdify=${1:?usage: hack/api-compat.sh CRDIFY [OLD [NEW]]} new=${3:-$bases}

say() { printf '%s\n' "$*"; }

# newest_tag takes v1.0.0 for newer than v1.0.0-rc.1.
newest_tag() {
	git -c versionsort.suffix=- for-each-ref --count=1 --sort=-version:refname --format='%(refname:short)' 'refs/tags/v*' 2>/dev/null
}

# of_tag writes the CRDs of a tag to a folder.
of_tag() { git archive "$1" "$bases" | tar -x --strip-components=3 -C "$2"; }

if [[ -n ${2:-} ]]; then
	old=$2 release=$2
elif release=$(newest_tag) && [[ -n $release ]]; then
	old=$(mktemp -d)
	trap 'rm -r "$old"' EXIT
	of_tag "$release" "$old"
else
	old=$released/baseline release="$released/baseline, as there is no release yet"
fi

broken=()
for before in "$old"/*.yaml; do
	after=$new/$(basename "$before")
	if [[ ! -f $after ]]; then
		say "$(basename "$before"): the CRD is gone."
		broken+=("$before")
		continue
	fi
	"$crdify" --config "$released/crdify.yaml" "file://$before" "file://$after" || broken+=("$before")
done
if ((${#broken[@]})); then
	say "Not compatible with $release: $(basename -a "${broken[@]}" | paste -sd ' ')"
	exit 1
fi
say "Compatible with $release."
