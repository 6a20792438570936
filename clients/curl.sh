#!/usr/bin/env bash
# curl and jq, reading Messages: what a script has that looks at the text and the exit code alone.
#
# --fail makes a status of 400 and more an error, and --max-time and --speed-time are what curl has for a read timeout.
set -uo pipefail

body='{"max_tokens":1024,"messages":[{"role":"user","content":"text: How does a tape deck keep its speed?"}],"model":"claude-haiku-4-5","stream":true}'

answer() {
  curl --silent --show-error --no-buffer --fail --compressed --max-time 30 \
    --speed-limit 1 --speed-time "${CLIENT_READ_TIMEOUT_S:-2}" \
    --header 'content-type: application/json' --data "$body" "$1/v1/messages" |
    jq --unbuffered --raw-input --join-output 'select(startswith("data: ")) | .[6:] | fromjson | .delta?.text? // empty'
}

if [[ ${1:-} != --keep ]]; then
  answer "$TAPEDECK_URL"
  exit
fi
said=$(mktemp)
trap 'rm -f "$said"' EXIT
while read -r base; do
  # The dot keeps the line ends behind the text, which a substitution would take off.
  text=$(answer "$base" 2>"$said"; code=$?; printf .; exit "$code") && error=null || error=$(jq --raw-input --slurp . "$said")
  jq --null-input --compact-output --arg text "${text%.}" --argjson error "$error" '{$text, $error, finish: null}'
done
