# `make` lists what can be done.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := bin

IMG ?= china-account-operator:dev
FUZZTIME ?= 30s
KUBECTL ?= kubectl

# The race detector needs a C compiler. RACE= switches it off.
HAS_CC := $(shell command -v "$$(go env CC)" >/dev/null 2>&1 && [ "$$(go env CGO_ENABLED)" = 1 ] && echo yes)
RACE ?= $(if $(HAS_CC),-race)
# What go vet finds, make vet has found.
GOTEST := go test -vet=off $(RACE)

# Tests are of three kinds: those that need an API server, those that need the
# real binaries too, and the rest.
API_TESTS := ./cmd/kubectl-china_account/... ./controllers/... ./test/env/...
E2E_TESTS := ./test/e2e/... ./test/restore/...
# Nothing of ours runs at the same time as anything else in these, so that the race
# detector has nothing to detect: types and manifests, and functions without a goroutine.
ALONE_API_TESTS := ./api/... ./config/...
ALONE_UNIT := ./internal/lifecycle/...
NOT_UNIT := ^github.com/chinaaccount/china-account-operator/(api|internal/lifecycle|cmd/kubectl-china_account|config|controllers|test/(env|e2e|restore|filekinds|page|gitops|image|monitoring|packaging))(/|$$)

# What `make generate` writes.
GENERATED := \
	api/v1alpha1/zz_generated.deepcopy.go \
	api/v1alpha1/applyconfiguration \
	config/crd/bases \
	config/rbac/role.yaml \
	docs/api-reference.md \
	docs/findings.md \
	docs/lifecycle.md \
	docs/metrics.md \
	charts/china-account-operator/README.md \
	charts/china-account-operator/files \
	':(glob)config/schemas/**/*.json' \
	config/gitops/argocd/argocd-cm.yaml \
	':(glob)internal/registrar/**/*.gen.go'

##@ Try it

.PHONY: help
help: ## Print this list.
	@awk 'BEGIN {FS = ":.*## "; print "make TARGET"} \
		/^##@ / {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z0-9-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: controlplane build ## Register accounts on a real API server, from YAML to Active (KEEP=1 leaves it up; LIFE=1 plays what comes after).
	@go build -o $(BIN)/demo ./test/demo
	@$(BIN)/demo $(if $(KEEP),--keep) $(if $(LIFE),--life)

##@ Develop

.PHONY: generate
generate: $(BIN)/controller-gen $(BIN)/oapi-codegen $(BIN)/crd-ref-docs $(BIN)/helm-docs ## Write all generated files: deepcopy, apply configurations, CRDs, role, gateway stubs, references, the chart's copies and README.
	@rm -rf api/v1alpha1/applyconfiguration # or the files of a type that is gone would stay
	$(BIN)/controller-gen object:headerFile=hack/boilerplate.go.txt applyconfiguration:headerFile=hack/boilerplate.go.txt paths=./api/v1alpha1
	$(BIN)/controller-gen crd:headerFile=hack/boilerplate.yaml.txt paths=./api/v1alpha1 output:crd:artifacts:config=config/crd/bases
	$(BIN)/controller-gen rbac:roleName=china-account-operator,headerFile=hack/boilerplate.yaml.txt paths=./controllers/... output:rbac:artifacts:config=config/rbac
	PATH="$(CURDIR)/$(BIN):$$PATH" go generate ./internal/registrar/gateway/...
	hack/api-reference.sh $(BIN)/crd-ref-docs
	go run ./hack/phasediagram
	go run ./hack/findings
	go run ./hack/metrics
	go run ./hack/schemas
	config/gitops/argocd/generate.sh
	hack/chart.sh
	$(BIN)/helm-docs --chart-search-root charts --sort-values-order file --log-level warning

.PHONY: verify-generated
verify-generated: generate ## Fail if a generated file is not what is staged or committed.
	@hack/verify-generated.sh $(GENERATED)

.PHONY: fmt
fmt: $(BIN)/golangci-lint ## Format the code and sort its imports.
	$(BIN)/golangci-lint fmt

.PHONY: vet
vet: ## Run go vet.
	go vet ./...

.PHONY: lint
lint: $(BIN)/golangci-lint ## Lint the code, and the API types against the Kubernetes API conventions.
	$(BIN)/golangci-lint run

.PHONY: lint-modules
lint-modules: $(BIN)/golangci-lint
	cd hack/image && $(CURDIR)/$(BIN)/golangci-lint run
	cd test/gitops/argocd && $(CURDIR)/$(BIN)/golangci-lint run

.PHONY: vulncheck
vulncheck: ## Look for known vulnerabilities, where https://vuln.go.dev can be reached (VULNCHECK_REQUIRED=1 fails where not).
	@hack/vulncheck.sh

.PHONY: tidy
tidy: ## Tidy every module's go.mod and go.sum.
	@git ls-files '*go.mod' | while read -r file; do module=$$(dirname "$$file"); (cd "$$module" && go mod tidy); done

##@ Test

.PHONY: test
test: ## Run everything below but fuzz, and of crash, chaos and bench a short part.
	@hack/timed.sh controlplane verify-generated lint vet vulncheck unit filekinds,page,krew-manifest test-api,e2e crash-short,chaos-short bench-check

.PHONY: integration-test
integration-test: ## Run what takes longer: Helm, Flux, Argo CD, Prometheus, the image, the oldest API server, end-to-end with the chart's rights.
	@hack/timed.sh lint-modules gitops-test,package-test monitoring-test e2e-chart test-api-oldest image-test

.PHONY: unit
unit: race-detector ## Run the tests that need no API server.
	go test -vet=off $(ALONE_UNIT)
	@packages=$$(go list ./... | grep -vE '$(NOT_UNIT)'); $(GOTEST) $$packages
	@$(if $(RACE),go test -run 'Hostile|Bomb' ./internal/preflight/document) # how long bad files take, which the race detector hides

.PHONY: fuzz
fuzz: ## Fuzz each target in turn (FUZZTIME=30s or 1000000x, FUZZ=FuzzPNG for some; not part of test).
	@hack/fuzz.sh $(FUZZTIME) $(FUZZ)

.PHONY: filekinds
filekinds: ## Judge hundreds of kinds of files, made by the programs that are there (hack/filekinds-tools.sh installs them).
	go test -count=1 -v ./test/filekinds | grep -vE '^(=== | *--- PASS)'

.PHONY: page
page: ## Look at the dossier's page in a browser, if there is one (hack/chromium.sh installs it).
	go test -count=1 -v ./test/page | grep -vE '^(=== | *--- PASS)'

.PHONY: krew-manifest
krew-manifest: $(BIN)/validate-krew-manifest
	@hack/krew.sh check $<

.PHONY: gitops-test
gitops-test: controlplane build $(BIN)/kustomize-controller ## Sync with Flux's own controller, and judge health as Flux and Argo CD do.
	go test -vet=off -count=1 -timeout 20m ./test/gitops/...
	cd test/gitops/argocd && KUBEBUILDER_ASSETS="$${KUBEBUILDER_ASSETS:-$(CURDIR)/$(BIN)/controlplane}" go test -vet=off -count=1 -timeout 20m ./...

.PHONY: monitoring-test
monitoring-test: controlplane build $(BIN)/promtool $(BIN)/kube-state-metrics $(BIN)/helm4 ## Ask a real Prometheus all that alerts and dashboard ask (hack/prometheus.sh installs it).
	go test -vet=off -count=1 -timeout 20m -v ./test/monitoring | grep -vE '^(=== | *--- PASS)'

.PHONY: api-compat
api-compat: $(BIN)/crdify ## Fail if a CRD would break users of the last release.
	@hack/api-compat.sh $<

.PHONY: image-test
image-test: ## Build the image twice, and from the Dockerfile (hack/buildah.sh installs an engine); look into it, run it, push and pull it.
	cd hack/image && go test -count=1 -timeout 30m ./...

.PHONY: package-test
package-test: controlplane $(BIN)/helm3 $(BIN)/helm4 $(BIN)/helm-unittest $(BIN)/kustomize ## Install, upgrade, roll back and uninstall with both majors of Helm, and hold kustomize to the same.
	go test -vet=off -count=1 ./test/packaging/...

.PHONY: e2e-chart
e2e-chart: controlplane build $(BIN)/helm4 ## Run the end-to-end tests with the rights that the chart gives: for all namespaces, and for some.
	E2E_INSTALL=chart go test -vet=off -count=1 -timeout 20m -run TestEndToEnd ./test/e2e/...
	E2E_INSTALL=namespaced go test -vet=off -count=1 -timeout 20m -run TestEndToEnd ./test/e2e/...

.PHONY: test-api
test-api: controlplane $(BIN)/crdify $(BIN)/kubeconform race-detector ## Run the suites against a real API server.
	go test -vet=off $(ALONE_API_TESTS)
	$(GOTEST) $(API_TESTS)

.PHONY: test-api-oldest
test-api-oldest: controlplane-oldest $(BIN)/crdify $(BIN)/kubeconform ## Run the suites of the API against the oldest API server that is supported.
	KUBEBUILDER_ASSETS=$(CURDIR)/$(BIN)/controlplane-oldest go test -vet=off -count=1 $(ALONE_API_TESTS) $(API_TESTS)

.PHONY: e2e
e2e: controlplane build race-detector ## Run the end-to-end tests of the real binaries.
	$(GOTEST) -count=1 -timeout 20m $(E2E_TESTS)

.PHONY: crash
crash: controlplane build ## Break the operator at every call of every life (LIVES=review,by-hand for some; an hour for all).
	@go build $(RACE) -o $(BIN)/crash ./test/crash
	@$(BIN)/crash $(if $(LIVES),--lives $(LIVES))

.PHONY: crash-short
crash-short: controlplane build
	@go build $(RACE) -o $(BIN)/crash ./test/crash
	@$(BIN)/crash --short --workers 3

# The operators of chaos have the race detector in them.
CHAOS = go build $(RACE) -o $(BIN)/race/manager ./cmd/manager && go build $(RACE) -o $(BIN)/chaos ./test/chaos && $(BIN)/chaos --operator $(BIN)/race/manager

.PHONY: chaos
chaos: controlplane build race-detector ## Kill, stop and mislead everything while registrations live (N=1000 MINUTES=10 SEED=number).
	@$(CHAOS) -n $(or $(N),1000) -minutes $(or $(MINUTES),10) $(if $(SEED),-seed $(SEED))

.PHONY: chaos-short
chaos-short: controlplane build race-detector
	@$(CHAOS) -n 36 -minutes 0.4 $(if $(SEED),-seed $(SEED))

# Shards say little on few objects.
BENCH_CHECK := throughput,life,restart,rest,latency,decisions,growth

.PHONY: bench
bench: controlplane build ## Measure the operator beside a bare client, and write docs/performance.md (an hour; ONLY=throughput,rest measures some again).
	@go build -o $(BIN)/bench ./test/bench
	@$(BIN)/bench --size full --markdown docs/performance.md --json $(BIN)/bench.json $(if $(ONLY),--only $(ONLY) --again $(BIN)/bench.json)

.PHONY: bench-check
bench-check: controlplane build ## Hold what is measured in a small size to its limits: ratios and counts, never times.
	@go build -o $(BIN)/bench ./test/bench
	@$(BIN)/bench --size small --check --only $(or $(ONLY),$(BENCH_CHECK)) --json $(BIN)/bench-check.json

.PHONY: controlplane
controlplane: ## Build etcd, kube-apiserver and kubectl into bin/controlplane (ENVTEST=download fetches them), or check KUBEBUILDER_ASSETS.
	@hack/controlplane.sh

.PHONY: controlplane-oldest
controlplane-oldest: controlplane
	@hack/controlplane.sh --oldest

.PHONY: race-detector
race-detector:
	@$(if $(RACE),true,echo "The race detector is off: $(if $(HAS_CC),RACE is set to nothing,there is no C compiler ($$(go env CC)), or CGO_ENABLED is 0).")

##@ Build

.PHONY: build
build: ## Build bin/manager, bin/kubectl-china_account (the kubectl plugin) and bin/registrar-gateway.
	CGO_ENABLED=0 go build -trimpath -o $(BIN)/manager ./cmd/manager
	CGO_ENABLED=0 go build -trimpath -o $(BIN)/kubectl-china_account ./cmd/kubectl-china_account
	CGO_ENABLED=0 go build -trimpath -o $(BIN)/registrar-gateway ./test/registrar/cmd/registrar-gateway

.PHONY: krew
krew: $(BIN)/validate-krew-manifest ## Build the plugin for all platforms, with its krew manifest, into dist/krew (VERSION=v0.1.0).
	@hack/krew.sh build $< $(VERSION)

.PHONY: image
image: ## Build the operator's image without Docker into dist/image (VERSION=v0.1.0, BASE=own).
	hack/image.sh $(VERSION)

.PHONY: docker-build
docker-build: ## Build the operator's image (IMG=name:tag).
	docker build -t $(IMG) --build-arg VERSION=$(VERSION) --build-arg REVISION=$$(git rev-parse HEAD) --build-arg CREATED=$$(git log -1 --format=%cI) .

.PHONY: dist
dist: $(BIN)/kustomize ## Write dist/install.yaml: all of the operator in one file (IMG=name:tag).
	@mkdir -p dist
	@echo 'resources: [../config/default]' > dist/kustomization.yaml
	@cd dist && ../$(BIN)/kustomize edit set image china-account-operator=$(IMG)
	$(BIN)/kustomize build dist > dist/install.yaml

.PHONY: clean
clean: ## Remove bin and dist.
	rm -rf bin dist

##@ Deploy

.PHONY: install
install: $(BIN)/kustomize ## Install the CRDs into the current cluster.
	$(BIN)/kustomize build config/crd | $(KUBECTL) apply --server-side -f -
	$(KUBECTL) wait --for=condition=Established --timeout=60s -f config/crd/bases

.PHONY: uninstall
uninstall: $(BIN)/kustomize ## Delete the CRDs from the current cluster, and with them every registration.
	$(BIN)/kustomize build config/crd | $(KUBECTL) delete --ignore-not-found -f -

.PHONY: deploy
deploy: dist install ## Deploy the operator with its CRDs into the current cluster (IMG=name:tag).
	$(KUBECTL) apply --server-side -f dist/install.yaml

.PHONY: undeploy
undeploy: $(BIN)/kustomize ## Delete the operator, its CRDs, every registration and the installation key (docs/backup.md).
	$(BIN)/kustomize build config/default | $(KUBECTL) delete --ignore-not-found -f -

# Tools are built at the versions that their modules pin, and again when those change.
$(BIN)/controller-gen $(BIN)/oapi-codegen $(BIN)/crd-ref-docs $(BIN)/govulncheck $(BIN)/kustomize $(BIN)/setup-envtest $(BIN)/validate-krew-manifest: hack/tools/go.mod hack/tools/go.sum
	@echo "Building $(@F) from the module proxy."
	@cd hack/tools && CGO_ENABLED=0 go build -trimpath -o $(CURDIR)/$@ "$$(go list tool | grep -E '/$(@F)(/v[0-9]+)?$$')" && touch $(CURDIR)/$@

# golangci-lint with the Kubernetes API linter in it.
$(BIN)/golangci-lint: hack/tools/golangci-lint/go.mod hack/tools/golangci-lint/go.sum
	@echo "Building golangci-lint from the module proxy (a few minutes the first time)."
	@cd hack/tools/golangci-lint && CGO_ENABLED=0 go build -trimpath -o $(CURDIR)/$@ sigs.k8s.io/kube-api-linter/cmd/golangci-lint-kube-api-linter && touch $(CURDIR)/$@

# Large tools have modules of their own, so that their versions need not agree.
$(BIN)/helm3 $(BIN)/helm4 $(BIN)/helm-unittest $(BIN)/helm-docs $(BIN)/promtool $(BIN)/crdify $(BIN)/kubeconform $(BIN)/kustomize-controller: $(BIN)/%: hack/tools/%/go.mod hack/tools/%/go.sum
	@echo "Building $* from the module proxy (some minutes the first time)."
	@cd hack/tools/$* && CGO_ENABLED=0 go build -trimpath -ldflags "$(LDFLAGS_$*)" -o $(CURDIR)/$@ $(or $(TOOL_$*),$$(go list tool)) && touch $(CURDIR)/$@

# sops and age are pinned beside it.
TOOL_kustomize-controller = github.com/fluxcd/kustomize-controller

# As Helm's own release is built: without it, Helm 3 takes itself for one of Kubernetes 1.20.
LDFLAGS_helm3 = -X helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=$(HELM3_MINOR) -X helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor=$(HELM3_MINOR)
HELM3_MINOR = $$(go list -m -f '{{.Version}}' k8s.io/client-go | cut -d. -f2)

$(BIN)/kube-state-metrics: test/monitoring/ksm/go.mod test/monitoring/ksm/go.sum
	@echo "Building kube-state-metrics from the module proxy."
	@cd test/monitoring/ksm && CGO_ENABLED=0 go build -trimpath -o $(CURDIR)/$@ k8s.io/kube-state-metrics/v2 && touch $(CURDIR)/$@
