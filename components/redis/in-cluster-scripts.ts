/**
 * What the containers of the store run: POSIX shell and what stands beside it in every image. Every value
 * comes from the environment, so that the text is the same everywhere and can be run as it is:
 *
 * CONFIG, CREDENTIALS, TLS (directories that are mounted), DATA (the volume), RUN (a directory to
 * write to); with several members also ME, MEMBERS (full names) and FIRST (who begins).
 */

/** Asks a server, with the password of those that belong to the store; never waits for long. */
const ASK = `password=$(cat "$CREDENTIALS/internal")
# One name of the variable is the older servers', the other the newer ones'.
export REDISCLI_AUTH="$password" VALKEYCLI_AUTH="$password"
ask() {
  host=$1
  port=$2
  shift 2
  timeout 3 valkey-cli --no-auth-warning --tls --cacert "$TLS/ca.crt" -h "$host" -p "$port" "$@" 2>/dev/null || true
}
store() { host=$1; shift; ask "$host" 6379 --user internal "$@"; }
watcher() { host=$1; shift; ask "$host" 26379 "$@"; }
`;

const BEGIN = `set -eu
umask 077
${ASK}`;

/** The only member. */
export const START_SINGLE = `set -eu
exec valkey-server "$CONFIG/valkey.conf"
`;

/**
 * One of several members: becomes what the watchers say it is. If none answers, because all of them
 * start at once, it is what its own watcher wrote down last; the very first time, FIRST begins.
 *
 * A member that lost its volume would copy its emptiness to the others as their primary: it does not
 * start as one while another has keys. It is then missed, and the watchers choose somebody else.
 */
export const START_MEMBER = `${BEGIN}
primary=
for member in $MEMBERS; do
  primary=$(watcher "$member" sentinel get-master-addr-by-name primary | head -n 1)
  [ -z "$primary" ] || break
done
if [ -z "$primary" ] && [ -f "$DATA/sentinel/sentinel.conf" ]; then
  primary=$(awk '$1 == "sentinel" && $2 == "monitor" { print $4 }' "$DATA/sentinel/sentinel.conf")
fi
: "\${primary:=$FIRST}"

if [ "$primary" = "$ME" ] && [ ! -d "$DATA/appendonlydir" ]; then
  for member in $MEMBERS; do
    [ "$member" != "$ME" ] || continue
    keys=$(store "$member" dbsize)
    case $keys in
      "" | 0 | *[!0-9]*) ;;
      *)
        echo "$member has $keys keys and this member has none: waiting for another primary" >&2
        exit 1
        ;;
    esac
  done
fi

{
  cat "$CONFIG/valkey.conf"
  echo "masteruser internal"
  echo "masterauth $password"
  echo "replica-announce-ip $ME"
  [ "$primary" = "$ME" ] || echo "replicaof $primary 6379"
} >"$RUN/valkey.conf"
echo "$ME starts; the primary is $primary"
exec valkey-server "$RUN/valkey.conf"
`;

/**
 * The watcher beside each member. Its name for the others is made from the member's, so that a new pod
 * is no new watcher: those that are gone would count when a majority is needed. What it found out is
 * kept on the volume.
 */
export const START_WATCHER = `${BEGIN}
mkdir -p "$DATA/sentinel"
file=$DATA/sentinel/sentinel.conf
{
  cat "$CONFIG/sentinel.conf"
  echo "requirepass $password"
  echo "sentinel sentinel-pass $password"
  echo "sentinel announce-ip $ME"
  echo "sentinel myid $(printf %s "$ME" | sha1sum | cut -c 1-40)"
  if [ -f "$file" ]; then
    grep -E '^sentinel (monitor|config-epoch|leader-epoch|current-epoch|known-replica|known-sentinel) ' "$file" || true
  else
    echo "sentinel monitor primary $FIRST 6379 2"
  fi
  echo "sentinel auth-user primary internal"
  echo "sentinel auth-pass primary $password"
  cat "$CONFIG/sentinel-primary.conf"
} >"$file.new"
mv "$file.new" "$file"
exec valkey-server "$file" --sentinel
`;

/**
 * Hands over before a primary ends, so that nobody has to find out that it is gone: asked for once,
 * in coordination (since 9.0), so that no write falls between the two.
 */
export const STOP_MEMBER = `${BEGIN}
is_primary() { [ "$(store localhost role | head -n 1)" = master ]; }
asked=
for member in $MEMBERS; do
  is_primary || exit 0
  [ "$member" != "$ME" ] || continue
  case $(watcher "$member" sentinel failover primary coordinated) in
    OK | *INPROG*)
      asked=yes
      break
      ;;
  esac
done
[ -n "$asked" ] || exit 0
for second in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
  is_primary || exit 0
  sleep 1
done
`;

/** Alive is whoever answers at all: also while it loads its data or misses its primary. */
export const IS_ALIVE = `${BEGIN}
[ -n "$(store localhost ping)" ]
`;

/** Ready is a primary, or a replica that follows one: only then may the next member be restarted. */
export const IS_READY = `${BEGIN}
[ "$(store localhost ping)" = PONG ]
[ -n "\${ME:-}" ] || exit 0
case $(store localhost info replication) in
  *role:master* | *master_link_status:up*) ;;
  *) exit 1 ;;
esac
`;

/** A watcher that does not answer helps nobody to a majority. */
export const IS_WATCHING = `${BEGIN}
[ "$(watcher localhost ping)" = PONG ]
`;
