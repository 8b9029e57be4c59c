#!/usr/bin/env bash
# Runs make targets one after another, all of them even if one fails, and ends with what
# failed in them, and a table of how each went and how long it took. Those that are joined by commas,
# which mostly wait, run at the same time; what they print comes when they end.
#
# usage: hack/timed.sh TARGET[,TARGET...]...
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
table=() failed=()
status=0

# run makes a target, and keeps what it prints and its row of the table.
run() {
	local target=$1 started=$SECONDS outcome=ok
	make --no-print-directory "$target" 2>&1 | tee "$logs/$target.log" || outcome=FAILED
	printf '%-18s %-8s %4d s\n' "$target" "$outcome" $((SECONDS - started)) >"$logs/$target.row"
}

# failures repeats what a target printed of those tests that failed, which many minutes of other
# output may lie behind.
failures() {
	printf '\n=== What failed in %s\n' "$1"
	grep -E -A 25 -e '\[(FAILED|PANICKED|TIMEDOUT)\]' -e '--- FAIL:' -e '^panic:' -e 'WARNING: DATA RACE' -e '^make.*Error' "$logs/$1.log" | head -150
}

for group in "$@"; do
	IFS=, read -ra targets <<<"$group"
	if ((${#targets[@]} == 1)); then
		printf '\n=== %s\n' "$group"
		run "$group"
	else
		printf '\n=== %s, at the same time\n' "${targets[*]}"
		for target in "${targets[@]}"; do run "$target" >/dev/null & done
		wait
		for target in "${targets[@]}"; do printf '\n=== %s\n%s\n' "$target" "$(cat "$logs/$target.log")"; done
	fi
	for target in "${targets[@]}"; do
		row=$(cat "$logs/$target.row")
		table+=("$row")
		if [[ $row == *FAILED* ]]; then
			failed+=("$target")
			status=1
		fi
	done
done

for target in "${failed[@]}"; do failures "$target"; done
printf '\n'
printf '%s\n' "${table[@]}" "$(printf '%-18s %-8s %4d s' "in all" "$( ((status)) && echo FAILED || echo ok)" "$SECONDS")"
exit "$status"
