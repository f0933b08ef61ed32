/**
 * The scripts of the backup and restore containers: POSIX shell, for the BusyBox of their images.
 * Every value comes from the environment, so that the text is constant and can be run as it is.
 *
 * All of them keep the dump in $SCRATCH, the only writable directory, with a checksum file of the
 * same name plus `.sha256`.
 */

/** What to do is said last, after the error of the program that failed. */
const BEGIN = `set -eu
advice=
trap '[ -z "$advice" ] || echo "$advice" >&2' EXIT
fail() { echo "$1" >&2; exit 1; }
cd "$SCRATCH"
`;

/**
 * Splits DATABASE_URL: the password is passed to libpq in the environment, the rest in $database,
 * because a process list shows arguments. Neon's pooled host is replaced by its direct one:
 * sessions through a pooler lose the settings of dump and restore.
 */
const CONNECT = `case $DATABASE_URL in
  postgres://*@* | postgresql://*@*) ;;
  *) fail "DATABASE_URL is not of the form postgresql://user:password@host/database" ;;
esac
case $DATABASE_URL in
  *[?\\&]password=*) fail "DATABASE_URL has its password behind the ?: put it before the @" ;;
esac

decode() {
  rest=$1
  text=
  while :; do
    case $rest in
      *%??*)
        code=\${rest#*%}
        text=$text\${rest%%%*}
        rest=\${code#??}
        code=\${code%"$rest"}
        text=$text$(printf "\\\\$(printf %03o "0x$code")")
        ;;
      *)
        printf %s "$text$rest"
        return
        ;;
    esac
  done
}

location=\${DATABASE_URL#*://}
user=\${location%%@*}
location=\${location#*@}
case $user in
  *:*)
    PGPASSWORD=$(decode "\${user#*:}")
    export PGPASSWORD
    ;;
esac
host=\${location%%[/?]*}
path=\${location#"$host"}
case $host in
  *-pooler.*.neon.tech | *-pooler.*.neon.tech:*) host=\${host%%-pooler.*}.\${host#*-pooler.} ;;
esac
database=postgresql://\${user%%:*}@$host$path
unset DATABASE_URL
export PGCONNECT_TIMEOUT=30
`;

/** pg_dump's custom format checks itself; SQL has a final line that shows it is complete. */
const READ_BACK = `read_back() {
  case $1 in
    *.sql.gz)
      gzip -t "$1"
      gzip -cd "$1" | tail -n 6 | grep -q '^-- PostgreSQL database dump complete$' ||
        fail "$1 does not end as a dump does"
      ;;
    *) pg_restore --file=/dev/null "$1" ;;
  esac
}
`;

/**
 * Writes the dump and reads all of it back. Environment: DATABASE_URL, FILE_FORMAT (a file name
 * with placeholders of \`date\`), SCRATCH.
 */
export const DUMP_SCRIPT = `${BEGIN}${CONNECT}${READ_BACK}
file=$(date -u "+$FILE_FORMAT")
# SQL is restored as it stands: what a restore of the other format leaves out is left out here.
case $file in
  *.sql.gz) set -- --format=plain --clean --if-exists --no-owner --no-privileges ;;
  *) set -- --format=custom ;;
esac
advice="$file is not a dump: earlier dumps are as they were. \
If the database refused the job, look at DATABASE_URL; if no space is left, the volume of SCRATCH is too small. \
Then run the job again"
# Five minutes: rather no dump than one that holds up a migration.
pg_dump --dbname="$database" --no-password --lock-wait-timeout=300000 \\
  "$@" --compress=6 --file="$file"
case $file in
  *.sql.gz) tables=$(gzip -cd "$file" | grep -c '^COPY .* FROM stdin;$' || true) ;;
  *) tables=$(pg_restore --list "$file" | grep -c ' TABLE DATA ' || true) ;;
esac
read_back "$file"
sha256sum "$file" >"$file.sha256"
advice=
echo "$file: $tables tables, $(wc -c <"$file") bytes, read back without error"
`;

/**
 * Uploads the dump, reads the stored object back, and only then adds its checksum: a dump without
 * one is incomplete. Environment: DESTINATION (\`bucket/prefix\`), RCLONE_CONFIG_STORE_*, SCRATCH.
 *
 * The image's rclone heeds \`--immutable\` only where it copies a folder (rclone/rclone#4921): \`copyto\`
 * replaced a good dump of the same name, as after a clock that was set back.
 */
export const UPLOAD_SCRIPT = `${BEGIN}
set -- *.sha256
file=\${1%.sha256}
[ -f "$file" ] || fail "There is no dump in $SCRATCH"
sha256sum -c "$1"
advice="$file was not stored below $DESTINATION: earlier dumps are as they were. \
If access is denied, look at the key or identity that the job has for the bucket; \
if the file is there already, the clock went back or two dumps began in the same second. Then run the job again"
store() { rclone copy --immutable --include "/$1" . "STORE:$DESTINATION"; }
store "$file"
expected=$(cut -d ' ' -f 1 "$1")
compare() {
  stored=$(rclone cat "STORE:$DESTINATION/$file" | sha256sum | cut -d ' ' -f 1)
  [ "$stored" = "$expected" ] || fail "$file was stored with checksum $stored instead of $expected"
}
compare
store "$1" || {
  # Another dump of this name was stored meanwhile; whose data remain has the checksum.
  compare
  rclone copyto "$1" "STORE:$DESTINATION/$1"
}
advice=
echo "$file: stored below $DESTINATION"
`;

/**
 * Downloads the backup that RESTORE_OBJECT names, or lists the available ones. Environment:
 * RESTORE_OBJECT (a file name), SOURCE (\`bucket/prefix\`), RCLONE_CONFIG_STORE_*, SCRATCH.
 */
export const DOWNLOAD_SCRIPT = `${BEGIN}
if [ -z "\${RESTORE_OBJECT:-}" ]; then
  echo "RESTORE_OBJECT is empty: name one of these, the newest first" >&2
  rclone lsf --include '*.sha256' "STORE:$SOURCE/" | sort -r | head -n 20 | sed 's/[.]sha256$//' >&2
  exit 1
fi
case $RESTORE_OBJECT in
  */* | *.sha256) fail "RESTORE_OBJECT is $RESTORE_OBJECT, but must be a dump's file name without path" ;;
esac
advice="$RESTORE_OBJECT could not be read from $SOURCE: nothing was restored. \
If access is denied, look at the key or identity that the job has for the bucket; \
if no space is left, the volume of SCRATCH is too small; then run the job again. If it is corrupted, name another dump"
rclone copyto "STORE:$SOURCE/$RESTORE_OBJECT" "$RESTORE_OBJECT"
rclone copyto "STORE:$SOURCE/$RESTORE_OBJECT.sha256" "$RESTORE_OBJECT.sha256"
advice=
# A missing object is an empty directory to rclone, and no error.
[ -f "$RESTORE_OBJECT" ] && [ -f "$RESTORE_OBJECT.sha256" ] ||
  fail "There is no $RESTORE_OBJECT with its checksum below $SOURCE"
advice="$RESTORE_OBJECT is not what was dumped: nothing was restored. Name another dump"
sha256sum -c "$RESTORE_OBJECT.sha256"
advice=
`;

/**
 * Restores the dump in one transaction: the database is either completely restored or unchanged.
 * Environment: DATABASE_URL, SCRATCH.
 *
 * psql executes the SQL, from pg_restore or from the dump itself, because since version 17 that SQL
 * sets \`transaction_timeout\`, on which an older server would stop. COMMIT is sent only after the
 * whole dump: if reading it fails halfway, psql ends without one and the server rolls back.
 */
export const RESTORE_SCRIPT = `${BEGIN}${CONNECT}${READ_BACK}
set -- *.sha256
file=\${1%.sha256}
[ -f "$file" ] || fail "There is no dump in $SCRATCH"
read_back "$file"
sql() {
  case $file in
    *.sql.gz) gzip -cd "$file" ;;
    *) pg_restore --clean --if-exists --no-owner --no-privileges --file=- "$file" ;;
  esac
}
query() { psql --no-psqlrc --no-password --quiet --set=ON_ERROR_STOP=1 --dbname="$database" "$@"; }
advice="The database was not touched: look at DATABASE_URL, and at whether the database accepts the job"
query --command='SELECT 1' >/dev/null
advice=

{
  echo 'BEGIN;'
  sql &&
    touch complete &&
    echo 'COMMIT;'
} | sed -e '1,60{' -e '/^SET transaction_timeout = 0;$/d' -e '}' | query >/dev/null ||
  fail "$file was not restored: the database is what it was before. After what the error above says, run the job again"
[ -e complete ] || fail "$file could not be read to its end: the database is what it was before"
query --command=ANALYZE
echo "$file: restored into $host"
`;
