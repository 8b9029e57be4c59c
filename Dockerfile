# The operator alone, static, as a user without a name or a shell.
ARG GO_IMAGE=golang:1.26
ARG BASE_IMAGE=gcr.io/distroless/static-debian12:nonroot

FROM --platform=$BUILDPLATFORM ${GO_IMAGE} AS build
ARG TARGETOS
ARG TARGETARCH
WORKDIR /src
# Dependencies first: they change less often than the code, and stay cached.
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 GOOS=${TARGETOS} GOARCH=${TARGETARCH} \
    go build -trimpath -ldflags "-s -w" -o /manager ./cmd/manager

FROM ${BASE_IMAGE}
COPY --from=build /manager /manager
# distroless' nonroot, as a number so that runAsNonRoot can be checked.
USER 65532:65532
ENTRYPOINT ["/manager"]
