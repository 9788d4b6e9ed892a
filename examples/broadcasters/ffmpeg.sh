#!/usr/bin/env bash
# Sends a media file into a room with ffmpeg, over the HTTP interface alone: an example to build on.
# For daily use there is `npx potluck broadcast FILE --room ROOM`.
set -euo pipefail

usage() {
  cat >&2 <<'USAGE'
Usage: ROOM_ID=kitchen MEDIA_FILE=film.mp4 ./ffmpeg.sh

  ROOM_ID      the room
  MEDIA_FILE   a file with audio and video
  SERVER_URL   default https://localhost:4443
  CURL_OPTIONS more for curl, like --insecure (set by itself on localhost)
USAGE
  exit 2
}

: "${SERVER_URL:=https://localhost:4443}"
[ -n "${ROOM_ID:-}" ] && [ -f "${MEDIA_FILE:-}" ] || usage
for program in curl jq ffmpeg; do
  command -v "$program" >/dev/null || { echo "$program is needed and was not found" >&2; exit 1; }
done

read -ra curl_options <<<"${CURL_OPTIONS:-}"
case "$SERVER_URL" in https://localhost* | https://127.*) curl_options+=(--insecure) ;; esac

broadcaster="ffmpeg-$RANDOM$RANDOM"
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
  '{id: $id, displayName: "ffmpeg", device: {name: "ffmpeg"}}')" | jq -r '.secret // empty')
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

echo "Sending $MEDIA_FILE until Ctrl-C"
# A key frame every two seconds, because nobody can ask ffmpeg for one.
ffmpeg -hide_banner -nostdin -loglevel warning -stats \
  -re -stream_loop -1 -i "$MEDIA_FILE" \
  -map 0:a:0 -c:a libopus -b:a 128k -ac 2 -ar 48000 \
  -ssrc 1111 -payload_type 100 -f rtp "rtp://$audio_ip:$audio_port?rtcpport=$audio_rtcp&pkt_size=1200" \
  -map 0:v:0 -c:v libvpx -b:v 1500k -deadline realtime -cpu-used 8 -pix_fmt yuv420p \
  -force_key_frames 'expr:gte(t,n_forced*2)' \
  -ssrc 2222 -payload_type 101 -f rtp "rtp://$video_ip:$video_port?rtcpport=$video_rtcp&pkt_size=1200" &
wait $!
