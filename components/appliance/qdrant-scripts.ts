/**
 * The scripts of the snapshot containers: POSIX shell for BusyBox, with every value from the
 * environment. A snapshot is a folder named by its time, with one file for each peer and
 * collection, the aliases, and `SHA256SUMS`, which is written last. A folder without it is
 * incomplete.
 *
 * Snapshots are made for each collection, because a full snapshot works only on a single node and
 * can be restored only by a restart (Qdrant, "Snapshots").
 */

const BEGIN = `set -eu
umask 077
cd "$SCRATCH"
fail() { echo "$1" >&2; exit 1; }
`;

/** The key is passed to curl in a file: a process list shows arguments. */
const CALL = `${BEGIN}
printf 'header = "api-key: %s"\\n' "$API_KEY" >curl.conf
unset API_KEY
if [ -n "\${CERTIFICATE_AUTHORITY:-}" ]; then
  printf '%s\\n' "$CERTIFICATE_AUTHORITY" >ca.pem
  printf 'cacert = "%s/ca.pem"\\n' "$SCRATCH" >>curl.conf
fi
call() {
  curl --config "$SCRATCH/curl.conf" --silent --show-error --fail --connect-timeout 20 "$@" </dev/null
}
# One a line: Qdrant's JSON is compact, and no name holds a quotation mark.
names() { grep -o '"name":"[^"]*"' | sed 's/^"name":"//; s/"$//'; }
# For a path: what is not a letter, a digit or one of . _ - is written as its bytes.
encode() {
  case $1 in
    *[!A-Za-z0-9._-]*) printf %s "$1" | od -An -v -tx1 | tr -d ' \\n' | sed 's/../%&/g' ;;
    *) printf %s "$1" ;;
  esac
}
collections() { call "$1/collections" >answer.json && names <answer.json >collections.txt; }
snapshot() { call --request POST "$1" >answer.json && names <answer.json; }
`;

/** Environment: PEERS (URLs, by number of the pod), API_KEY, CERTIFICATE_AUTHORITY, SCRATCH. */
export const SNAPSHOT_SCRIPT = `${CALL}
folder=$(date -u +%Y%m%d_%H%M%S)
mkdir "$folder"
peer=0
count=0
for base in $PEERS; do
  mkdir "$folder/$peer"
  collections "$base"
  while IFS= read -r collection; do
    segment=$(encode "$collection")
    at=$base/collections/$segment/snapshots
    made=$(encode "$(snapshot "$at")")
    [ -n "$made" ] || fail "There is no snapshot of $collection"
    call --output "$folder/$peer/$segment.snapshot" "$at/$made" || missing=$collection
    # It lies on Qdrant's own volume until it is taken away.
    call --request DELETE "$at/$made" >/dev/null
    [ -z "\${missing:-}" ] || fail "The snapshot of $missing could not be read"
    count=$((count + 1))
  done <collections.txt
  peer=$((peer + 1))
done
call "\${PEERS%% *}/aliases" >"$folder/aliases.json"
(cd "$folder" && find . -type f ! -name SHA256SUMS -exec sha256sum {} + >SHA256SUMS)
echo "$folder: $count snapshots of $peer peers"
`;

/** Without an object store. Environment: as above, and KEEP. */
export const KEEP_SCRIPT = `${CALL}
for base in $PEERS; do
  collections "$base"
  while IFS= read -r collection; do
    at=$base/collections/$(encode "$collection")/snapshots
    made=$(snapshot "$at")
    [ -n "$made" ] || fail "There is no snapshot of $collection"
    call "$at" >answer.json
    # Their names end in their time.
    names <answer.json | sort -r | tail -n "+$((KEEP + 1))" >old.txt
    while IFS= read -r old; do
      call --request DELETE "$at/$(encode "$old")" >/dev/null
    done <old.txt
    echo "$made"
  done <collections.txt
done
`;

/** Environment: DESTINATION (\`bucket/prefix\`), RCLONE_CONFIG_STORE_*, SCRATCH. */
export const STORE_SCRIPT = `${BEGIN}
set -- */SHA256SUMS
[ -f "$1" ] || fail "There is no snapshot in $SCRATCH"
folder=\${1%/*}
to=STORE:$DESTINATION/$folder
rclone copy --immutable --exclude SHA256SUMS "$folder" "$to"
while read -r expected file; do
  stored=$(rclone cat "$to/\${file#./}" </dev/null | sha256sum | cut -d ' ' -f 1)
  [ "$stored" = "$expected" ] || fail "$file was stored with checksum $stored instead of $expected"
done <"$1"
rclone copyto --immutable "$1" "$to/SHA256SUMS"
echo "$folder: stored below $DESTINATION"
`;

/** Environment: RESTORE_SNAPSHOT (a folder's name), SOURCE, RCLONE_CONFIG_STORE_*, SCRATCH. */
export const FETCH_SCRIPT = `${BEGIN}
if [ -z "\${RESTORE_SNAPSHOT:-}" ]; then
  echo "RESTORE_SNAPSHOT is empty: name one of these, the newest first" >&2
  rclone lsf --recursive --files-only --include '*/SHA256SUMS' "STORE:$SOURCE/" |
    sed 's,/SHA256SUMS$,,' | sort -r | head -n 20 >&2
  exit 1
fi
case $RESTORE_SNAPSHOT in
  */*) fail "RESTORE_SNAPSHOT is $RESTORE_SNAPSHOT, but must be a folder's name without path" ;;
esac
rclone copy "STORE:$SOURCE/$RESTORE_SNAPSHOT" snapshot
# A missing folder is an empty one to rclone, and no error.
[ -f snapshot/SHA256SUMS ] || fail "There is no $RESTORE_SNAPSHOT with its checksums below $SOURCE"
(cd snapshot && sha256sum -c SHA256SUMS)
`;

/**
 * Restores each collection in the snapshot; other collections stay as they are. Environment: PEERS,
 * API_KEY, CERTIFICATE_AUTHORITY, SCRATCH.
 */
export const RECOVER_SCRIPT = `${CALL}
set -- $PEERS
[ ! -d "snapshot/$#" ] || fail "The snapshot is of more than the $# peers there are"
peer=0
count=0
for base in $PEERS; do
  for file in "snapshot/$peer"/*.snapshot; do
    [ -f "$file" ] || continue
    segment=\${file##*/}
    segment=\${segment%.snapshot}
    at=$base/collections/$segment/snapshots
    call --form "snapshot=@$file;filename=restored.snapshot" "$at/upload?priority=snapshot" >/dev/null
    # Older versions keep what was sent to them on their own volume.
    call --request DELETE "$at/restored.snapshot" >/dev/null 2>&1 || true
    count=$((count + 1))
  done
  peer=$((peer + 1))
done
actions=$(sed -n 's/.*"aliases":\\[\\(.*\\)\\].*/\\1/p' snapshot/aliases.json |
  sed 's/{[^}]*}/{"create_alias":&}/g')
if [ -n "$actions" ]; then
  printf '{"actions":[%s]}' "$actions" >actions.json
  call --header 'Content-Type: application/json' --data-binary @actions.json \\
    "\${PEERS%% *}/collections/aliases" >/dev/null
fi
echo "$count snapshots recovered"
`;
