#!/usr/bin/env bash
# Runs make targets one after another, all of them even if one fails, and ends
# with a table of how each went and how long it took.
#
# usage: hack/timed.sh TARGET...
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

table=()
status=0
for target in "$@"; do
	printf '\n=== %s\n' "$target"
	started=$SECONDS
	outcome=ok
	make --no-print-directory "$target" || { outcome=FAILED status=1; }
	table+=("$(printf '%-18s %-8s %4d s' "$target" "$outcome" $((SECONDS - started)))")
done

printf '\n'
printf '%s\n' "${table[@]}" "$(printf '%-18s %-8s %4d s' "in all" "$( ((status)) && echo FAILED || echo ok)" "$SECONDS")"
exit "$status"
