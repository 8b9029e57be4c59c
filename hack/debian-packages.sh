#!/usr/bin/env bash
# Installs packages of Debian for a part of the tests. It needs root and apt-get, and
# does nothing for what is there already.
#
# usage: hack/debian-packages.sh WHAT-FOR PACKAGE...
set -euo pipefail

readonly purpose=$1
shift

is_installed() { [[ $(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) == "install ok installed" ]]; }

missing=()
for package in "$@"; do
	is_installed "$package" || missing+=("$package")
done

if ((${#missing[@]} == 0)); then
	echo "The packages for $purpose are installed."
	exit
fi
if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
	echo "There is no way to install here what $purpose needs: ${missing[*]}." >&2
	exit 1
fi
echo "Installing for $purpose: ${missing[*]}."
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
