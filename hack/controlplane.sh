#!/usr/bin/env bash
# Builds the control plane that tests and the demo run on: etcd,
# kube-apiserver and kubectl, from the module proxy, at the versions that
# test/controlplane/go.mod pins: a machine that can build the operator can also test
# it. With ENVTEST=download, setup-envtest fetches prebuilt binaries instead, from its
# index or from ENVTEST_INDEX.
#
# usage: hack/controlplane.sh [kube-controller-manager]
#        hack/controlplane.sh --oldest    the oldest API server that is supported, beside
#                                         it, in bin/controlplane-oldest
#
# The binaries go to bin/controlplane, laid out as KUBEBUILDER_ASSETS wants
# them, and are built again only when the module or this script has changed.
# If KUBEBUILDER_ASSETS is set, what it holds is checked and nothing is built.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

module=test/controlplane
out=$PWD/bin/controlplane
if [[ ${1:-} == --oldest ]]; then
	module=test/controlplane/oldest out=$PWD/bin/controlplane-oldest
fi
readonly module out

say() { printf '%s\n' "$*"; }

die() {
	printf 'controlplane: %s\n' "$*" >&2
	exit 1
}

version_of() { (cd "$module" && go list -m -f '{{.Version}}' "$1"); }

# minor_of reads the 37 in v1.37.1.
minor_of() { cut -d. -f2 <<<"$1"; }

check_assets() {
	local name
	for name in etcd kube-apiserver kubectl "$@"; do
		[[ -x $KUBEBUILDER_ASSETS/$name ]] ||
			die "KUBEBUILDER_ASSETS is $KUBEBUILDER_ASSETS, but there is no executable $name in it; add it, or unset KUBEBUILDER_ASSETS to have the control plane built"
	done
	say "Using the control plane in KUBEBUILDER_ASSETS: $("$KUBEBUILDER_ASSETS/kube-apiserver" --version), $("$KUBEBUILDER_ASSETS/etcd" --version | head -n 1)."
}

# stamp names what a binary is built from.
stamp() { cat "$module/go.mod" "$module/go.sum" hack/controlplane.sh | git hash-object --stdin; }

is_fresh() { [[ -x $out/$1 && -f $out/.$1.stamp && $(<"$out/.$1.stamp") == "$stamp" ]]; }

mark_fresh() { printf '%s\n' "$stamp" >"$out/.$1.stamp"; }

# build NAME PACKAGE LDFLAGS puts the binary in place in one step, so that an
# interrupted build never leaves half a file behind.
build() {
	local name=$1 package=$2 ldflags=$3 started=$SECONDS
	(cd "$module" && CGO_ENABLED=0 go build -trimpath -ldflags "$ldflags" -o "$out/.$name.new" "$package")
	mv -f "$out/.$name.new" "$out/$name"
	mark_fresh "$name"
	say "  $name is built ($((SECONDS - started)) s)."
}

# kubernetes_ldflags links in the release. Left out, the API server calls
# itself v0.0.0-master, and clients that check versions (Helm) break.
kubernetes_ldflags() {
	local package flags="-s -w"
	for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
		flags+=" -X $package.gitVersion=$kubernetes -X $package.gitMajor=1 -X $package.gitMinor=$(minor_of "$kubernetes") -X $package.gitTreeState=clean"
	done
	printf '%s' "$flags"
}

build_kubernetes() {
	local name=$1 duration=$2
	is_fresh "$name" && return
	say "Building $name $kubernetes from the module proxy ($duration the first time)."
	build "$name" "k8s.io/kubernetes/cmd/$name" "$(kubernetes_ldflags)"
}

build_etcd() {
	is_fresh etcd && return
	say "Building etcd $(version_of go.etcd.io/etcd/server/v3) from the module proxy (about a minute the first time)."
	build etcd go.etcd.io/etcd/server/v3 "-s -w"
}

# provide_kubectl takes the kubectl on the PATH if it is within one minor
# version of the API server, as Kubernetes' version skew policy asks.
provide_kubectl() {
	is_fresh kubectl && return
	local found version skew
	if found=$(command -v kubectl) &&
		version=$("$found" version --client 2>/dev/null | sed -n 's/^Client Version: //p') && [[ $version == v1.* ]]; then
		skew=$(($(minor_of "$version") - $(minor_of "$kubernetes")))
		if ((skew >= -1 && skew <= 1)); then
			ln -sfn "$found" "$out/kubectl"
			mark_fresh kubectl
			say "Using $found ($version) as kubectl."
			return
		fi
		say "$found is $version: more than one minor version away from $kubernetes, so kubectl is built too."
	fi
	build_kubernetes kubectl "about a minute"
}

# download has setup-envtest fetch the newest patch release of the pinned minor version.
download() {
	is_fresh etcd && is_fresh kube-apiserver && is_fresh kubectl && return
	local dir name version
	version=1.$(minor_of "$kubernetes").x
	make bin/setup-envtest
	say "Downloading etcd, kube-apiserver and kubectl $version."
	dir=$(bin/setup-envtest use "$version" --bin-dir "$out/downloaded" ${ENVTEST_INDEX:+--index "$ENVTEST_INDEX"} --print path) ||
		die "setup-envtest could not fetch $version; name an index that can be reached in ENVTEST_INDEX, or unset ENVTEST to have it built from the module proxy"
	for name in etcd kube-apiserver kubectl; do
		ln -sfn "$dir/$name" "$out/$name"
		mark_fresh "$name"
	done
}

# The oldest API server has the other's etcd and kubectl.
build_oldest() {
	mkdir -p "$out"
	build_kubernetes kube-apiserver "about four minutes"
	ln -sfn ../controlplane/etcd "$out/etcd"
	ln -sfn ../controlplane/kubectl "$out/kubectl"
	say "The oldest control plane is in bin/controlplane-oldest: kube-apiserver $kubernetes."
}

case ${ENVTEST:-} in
'' | download) ;;
*) die "ENVTEST is $ENVTEST: it can be download, or unset" ;;
esac
if [[ ${1:-} == --oldest ]]; then
	stamp=$(stamp)
	kubernetes=$(version_of k8s.io/kubernetes)
	build_oldest
	exit
fi
for extra in "$@"; do
	[[ $extra == kube-controller-manager ]] || die "unknown component $extra: only kube-controller-manager can be asked for"
done

if [[ -n ${KUBEBUILDER_ASSETS:-} ]]; then
	check_assets "$@"
	exit
fi

stamp=$(stamp)
readonly stamp
kubernetes=$(version_of k8s.io/kubernetes)
readonly kubernetes
mkdir -p "$out"
if [[ ${ENVTEST:-} == download ]]; then
	download
else
	build_etcd
	build_kubernetes kube-apiserver "about four minutes"
	provide_kubectl
fi
for extra in "$@"; do
	build_kubernetes "$extra" "about three minutes"
done
say "The control plane is in bin/controlplane: etcd, kube-apiserver $kubernetes, kubectl${*:+, $*}."
