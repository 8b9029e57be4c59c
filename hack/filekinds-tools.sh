#!/usr/bin/env bash
# Installs the programs with which test/filekinds makes its files, as packages of
# Debian. It needs root and apt-get, and does nothing for what is there already.
set -euo pipefail

readonly packages=(
	7zip
	apngasm
	dcmtk
	ghostscript
	groff
	gzip
	imagemagick
	img2pdf
	libexcel-writer-xlsx-perl
	libheif-examples
	libimage-exiftool-perl
	libjpeg-turbo-progs
	libjxl-tools
	libreoffice-writer-nogui
	librsvg2-bin
	libtiff-tools
	netpbm
	optipng
	poppler-utils
	qpdf
	tar
	webp
	zip
)

say() { printf '%s\n' "$*"; }

is_installed() { [[ $(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) == "install ok installed" ]]; }

missing=()
for package in "${packages[@]}"; do
	is_installed "$package" || missing+=("$package")
done

if ((${#missing[@]} == 0)); then
	say "The programs that make test/filekinds' files are installed."
	exit
fi
if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
	say "There is no way to install here what makes some of test/filekinds' files: ${missing[*]}." >&2
	exit 1
fi
say "Installing what makes test/filekinds' files: ${missing[*]}."
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
