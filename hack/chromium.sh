#!/usr/bin/env bash
# Installs the browser in which test/page opens the dossier's page, a font with Chinese,
# and pdftotext, which reads what it prints.
set -euo pipefail

exec "$(dirname "${BASH_SOURCE[0]}")/debian-packages.sh" "test/page" chromium fonts-wqy-zenhei poppler-utils
