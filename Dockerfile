# The operator alone, static, as a user without a name or a shell. hack/image.sh makes the
# same without a Docker engine; docs/image.md says how the two are used.
ARG GO_IMAGE=golang:1.26
ARG BASE_IMAGE=gcr.io/distroless/static-debian12:nonroot

FROM --platform=$BUILDPLATFORM ${GO_IMAGE} AS build
ARG TARGETOS
ARG TARGETARCH
ARG VERSION=v0.0.0
WORKDIR /src
# Dependencies first: they change less often than the code, and stay cached.
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# The same flags as in hack/image.sh: the binary depends on the sources, Go and VERSION alone.
RUN CGO_ENABLED=0 GOOS=${TARGETOS} GOARCH=${TARGETARCH} GOAMD64=v1 GOARM64=v8.0 GOEXPERIMENT='' GOFLAGS='' \
    go build -trimpath -buildvcs=false -ldflags "-s -w -X main.release=$VERSION" -o /manager ./cmd/manager
# Nobody may write to it, whatever the umask of the builder.
RUN chmod 0555 /manager

FROM ${BASE_IMAGE}
ARG VERSION=v0.0.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title=china-account-operator \
      org.opencontainers.image.description="Registers AWS China accounts from Kubernetes." \
      org.opencontainers.image.source=https://github.com/chinaaccount/china-account-operator \
      org.opencontainers.image.licenses=Apache-2.0 \
      org.opencontainers.image.version=${VERSION} \
      org.opencontainers.image.revision=${REVISION} \
      org.opencontainers.image.created=${CREATED}
COPY --from=build /manager /manager
WORKDIR /
# distroless' nonroot, as a number so that runAsNonRoot can be checked.
USER 65532:65532
ENTRYPOINT ["/manager"]
