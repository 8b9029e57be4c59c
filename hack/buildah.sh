#!/usr/bin/env bash
# Installs the program that builds the Dockerfile for hack/image's tests. It needs no
# daemon, and with these tests no registry.
set -euo pipefail

exec "$(dirname "${BASH_SOURCE[0]}")/debian-packages.sh" "hack/image" buildah
