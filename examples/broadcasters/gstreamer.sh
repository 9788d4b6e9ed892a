#!/usr/bin/env bash
# Sends a media file into a room with GStreamer, over the HTTP interface alone: an example to build on.
# For daily use there is `npx potluck broadcast FILE --room ROOM`.
set -euo pipefail

usage() {
  cat >&2 <<'USAGE'
Usage: ROOM_ID=kitchen MEDIA_FILE=film.mp4 ./gstreamer.sh

  ROOM_ID      the room
  MEDIA_FILE   a file with audio and video that the installed plugins can decode
  SERVER_URL   default https://localhost:4443
  CURL_OPTIONS more for curl, like --insecure (set by itself on localhost)
USAGE
  exit 2
}

: "${SERVER_URL:=https://localhost:4443}"
[ -n "${ROOM_ID:-}" ] && [ -f "${MEDIA_FILE:-}" ] || usage
for program in curl jq gst-launch-1.0; do
  command -v "$program" >/dev/null || { echo "$program is needed and was not found" >&2; exit 1; }
done

read -ra curl_options <<<"${CURL_OPTIONS:-}"
case "$SERVER_URL" in https://localhost* | https://127.*) curl_options+=(--insecure) ;; esac

broadcaster="gstreamer-$RANDOM$RANDOM"
room="$SERVER_URL/rooms/$(jq -rn --arg id "$ROOM_ID" '$id | @uri')"
secret=''

# call METHOD PATH [BODY]: prints the answer, or says what the server said and ends.
call() {
  local method=$1 path=$2 body=${3:-}
  curl --silent --show-error --fail-with-body "${curl_options[@]}" -X "$method" "$room$path" \
    -H 'Accept: application/problem+json, application/json, */*' \
    ${secret:+-H "Authorization: Bearer $secret"} \
    ${body:+-H 'Content-Type: application/json' --data "$body"} || { echo >&2; return 1; }
}

echo "Entering the room $ROOM_ID as $broadcaster"
secret=$(call POST /broadcasters "$(jq -n --arg id "$broadcaster" \
  '{id: $id, displayName: "GStreamer", device: {name: "GStreamer"}}')" | jq -r '.secret // empty')
trap 'kill $(jobs -p) 2>/dev/null || true; call DELETE "/broadcasters/$broadcaster" >/dev/null || true; echo "Left the room"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# transport: prints the id, ip, port and rtcpPort of a new plain transport.
transport() {
  call POST "/broadcasters/$broadcaster/transports" '{"type":"plain","comedia":true,"rtcpMux":false}' |
    jq -r '[.id, .ip, .port, .rtcpPort] | @tsv'
}
read -r audio_id audio_ip audio_port audio_rtcp < <(transport)
read -r video_id video_ip video_port video_rtcp < <(transport)

call POST "/broadcasters/$broadcaster/transports/$audio_id/producers" '{
  "kind": "audio",
  "rtpParameters": {
    "codecs": [{"mimeType":"audio/opus","payloadType":100,"clockRate":48000,"channels":2,"parameters":{"sprop-stereo":1}}],
    "encodings": [{"ssrc":1111}]
  }
}' >/dev/null
call POST "/broadcasters/$broadcaster/transports/$video_id/producers" '{
  "kind": "video",
  "rtpParameters": {
    "codecs": [{"mimeType":"video/VP8","payloadType":101,"clockRate":90000}],
    "encodings": [{"ssrc":2222}]
  }
}' >/dev/null

echo "Sending $MEDIA_FILE once"
gst-launch-1.0 -q uridecodebin "uri=file://$(realpath "$MEDIA_FILE" | jq -sRr 'rtrimstr("\n") | split("/") | map(@uri) | join("/")')" name=source \
  rtpbin name=rtp \
  source. ! queue ! audioconvert ! audioresample ! audio/x-raw,rate=48000,channels=2 \
  ! opusenc bitrate=128000 ! rtpopuspay pt=100 ssrc=1111 ! rtp.send_rtp_sink_0 \
  rtp.send_rtp_src_0 ! udpsink "host=$audio_ip" "port=$audio_port" sync=true async=false \
  rtp.send_rtcp_src_0 ! udpsink "host=$audio_ip" "port=$audio_rtcp" sync=false async=false \
  source. ! queue ! videoconvert ! video/x-raw,format=I420 \
  ! vp8enc target-bitrate=1500000 deadline=1 cpu-used=8 keyframe-max-dist=50 \
  ! rtpvp8pay pt=101 ssrc=2222 mtu=1200 picture-id-mode=2 ! rtp.send_rtp_sink_1 \
  rtp.send_rtp_src_1 ! udpsink "host=$video_ip" "port=$video_port" sync=true async=false \
  rtp.send_rtcp_src_1 ! udpsink "host=$video_ip" "port=$video_rtcp" sync=false async=false &
wait $!
