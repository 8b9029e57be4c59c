#!/usr/bin/env bash
# Copies what the chart and config/ have in common into the chart: Helm reads nothing
# from outside of it. `make generate` runs it, in the project's folder.
set -euo pipefail

chart=charts/china-account-operator
rm -rf "$chart/files/crds" "$chart/files/userroles"
mkdir -p "$chart/files/crds" "$chart/files/userroles"
cp config/crd/bases/*.yaml "$chart/files/crds/"
cp config/rbac/role.yaml "$chart/files/role.yaml"
cp config/rbac/{filing_agent,registration_editor,registration_viewer}_role.yaml "$chart/files/userroles/"
cp config/admission/reported_by.yaml "$chart/files/reported_by.yaml"
cp config/monitoring/rules.yaml "$chart/files/rules.yaml"
cp config/monitoring/dashboard.json "$chart/files/dashboard.json"
