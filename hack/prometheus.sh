#!/usr/bin/env bash
# Installs the Prometheus that test/monitoring asks the dashboard's questions. The tests
# run one of their own: what the package starts is stopped.
set -euo pipefail

was_here=$(command -v prometheus || true)
"$(dirname "${BASH_SOURCE[0]}")/debian-packages.sh" "test/monitoring" prometheus
if [[ -z $was_here ]]; then
	if [[ -d /run/systemd/system ]]; then
		systemctl disable --now --quiet prometheus
	else
		service prometheus stop >/dev/null
		update-rc.d prometheus disable
	fi
fi
