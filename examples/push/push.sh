#!/bin/sh
# Pushes documents to Touchstone with curl.
#   TOUCHSTONE_URL=http://127.0.0.1:7400 TOUCHSTONE_KEY=ts_... sh push.sh
set -eu
url=${TOUCHSTONE_URL:-http://127.0.0.1:7400}

call() { # method, path, then further arguments of curl
  method=$1 path=$2
  shift 2
  if [ -n "${TOUCHSTONE_KEY:-}" ]; then set -- -H "authorization: Bearer $TOUCHSTONE_KEY" "$@"; fi
  curl --silent --show-error --fail-with-body -X "$method" "$url$path" "$@"
  echo
}

# The id is source:path, percent-encoded. Without "acl" nobody would read it.
call PUT '/v1/documents/notes%3Aline-3?wait=true' -H 'content-type: application/json' -d '{
  "text": "Line 3 is serviced on Fridays.",
  "acl": { "all": [{ "any": ["everyone"] }] }
}'

# A file as it is, with what is said of it as JSON beside it.
file=$(mktemp)
printf '# Shift plan\n\nThe night shift begins at ten.\n' > "$file"
call PUT '/v1/documents/notes%3Ashifts.md?wait=true' \
  -F 'document={"title": "Shift plan", "acl": {"all": [{"any": ["everyone"]}]}};type=application/json' \
  -F "file=@$file;type=text/markdown"
rm -f "$file"

# Many at once, one operation a line.
printf '%s\n' \
  '{"operation": "put", "document": "notes:line-4", "text": "Line 4 is serviced on Mondays.", "acl": {"all": [{"any": ["everyone"]}]}}' \
  '{"operation": "delete", "document": "notes:line-3"}' |
  call POST '/v1/documents/bulk?wait=true' -H 'content-type: application/x-ndjson' --data-binary @-
