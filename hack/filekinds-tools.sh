#!/usr/bin/env bash
# Installs the programs with which test/filekinds makes its files.
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

exec "$(dirname "${BASH_SOURCE[0]}")/debian-packages.sh" "test/filekinds" "${packages[@]}"
