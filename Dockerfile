# syntax=docker/dockerfile:1
# A server of shows. docs/serve.md tells how it is run.
#
#   docker build -t narrapress .
#   docker run --rm -v "$PWD:/show" narrapress produce post.md
#   docker run -d -p 8470:8470 -v "$PWD:/show" -v takes:/data -e NARRAPRESS_TOKEN narrapress

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY cmd cmd
COPY config config
COPY internal internal
COPY pipeline pipeline
COPY voices voices
ARG VERSION=
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false \
    -ldflags "-s -w -X 'github.com/narrapress/narrapress/internal/cli.linked=$VERSION'" \
    -o /out/narrapress ./cmd/narrapress \
    && go run -trimpath ./internal/dist -terms /out/THIRD_PARTY.txt

FROM debian:bookworm-slim
# ffmpeg brings libmp3lame, which encodes in the process; flite is a voice for trying.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates ffmpeg flite tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --shell /usr/sbin/nologin narrapress \
    && install -d -o narrapress -g narrapress /show /data /cache
COPY --from=build /out/narrapress /usr/local/bin/narrapress
COPY --from=build /out/THIRD_PARTY.txt /usr/share/doc/narrapress/
COPY LICENSE NOTICE /usr/share/doc/narrapress/

LABEL org.opencontainers.image.title="Narrapress" \
      org.opencontainers.image.description="A printing press for spoken episodes" \
      org.opencontainers.image.source="https://github.com/narrapress/narrapress" \
      org.opencontainers.image.licenses="Apache-2.0"

ENV LC_ALL=C.UTF-8 NARRAPRESS_STORE=/data/takes NARRAPRESS_CACHE=/cache
USER narrapress
WORKDIR /show
# The show with its posts, and the episodes; takes, which were paid for; and what
# costs only time.
VOLUME ["/show", "/data", "/cache"]
EXPOSE 8470
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8470 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["narrapress"]
# Whoever is not on this machine needs a token: server.token in the show's file.
CMD ["serve", "--listen", "0.0.0.0:8470"]
