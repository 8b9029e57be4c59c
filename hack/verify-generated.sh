#!/usr/bin/env bash
# Fails if one of the paths given differs from what is staged or committed, or
# is new to git. `make verify-generated` calls it right after generating.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

stale=$(
	git diff --name-only -- "$@"
	git ls-files --others --exclude-standard -- "$@"
)
[[ -z $stale ]] && exit

echo "These generated files were stale; they are fresh now: stage or commit them."
printf '%s\n' "$stale"
git --no-pager diff -- "$@"
exit 1
