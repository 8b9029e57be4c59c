#!/usr/bin/env bash
# Looks for known vulnerabilities that the project's code reaches, where the database
# of the Go project can be had.
#
# usage: hack/vulncheck.sh
#
# Where it cannot be had it says so and ends with 0, or, with VULNCHECK_REQUIRED=1,
# with 1. GOVULNDB names another database, as for go itself.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

database=${GOVULNDB:-https://vuln.go.dev}
if ! reason=$(curl --silent --show-error --fail --location --max-time 10 --output /dev/null "$database/index/db.json" 2>&1); then
	echo "Vulnerabilities are not looked for: there is no database at $database ($reason)." >&2
	[[ ${VULNCHECK_REQUIRED:-} != 1 ]]
	exit
fi
make --no-print-directory bin/govulncheck
bin/govulncheck -db "$database" ./...
