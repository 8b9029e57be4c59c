#!/usr/bin/env bash
# Fuzzes each target of the project in turn, and stops at the first that fails.
#
# usage: hack/fuzz.sh TIME [NAME...]
#
# TIME is go test's -fuzztime, e.g. 30s or 1000000x; NAMEs are targets, e.g. FuzzPNG,
# all if none is given.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

time=${1:?usage: hack/fuzz.sh TIME [NAME...]}
shift
grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9]+' . | sort | while IFS=: read -r file function; do
	name=${function#func }
	[[ $# -eq 0 || " $* " == *" $name "* ]] || continue
	printf '=== %s in %s\n' "$name" "$(dirname "$file")"
	# Minimizing what is merely interesting takes a minute each.
	go test -run=- -fuzz="^$name\$" -fuzztime="$time" -fuzzminimizetime=1x "$(dirname "$file")" </dev/null | tail -n 3
done
