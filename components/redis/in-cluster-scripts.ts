/**
 * What the containers of the store run: POSIX shell and what stands beside it in every image. Every value
 * comes from the environment, so that the text is the same everywhere and can be run as it is: CONFIG,
 * CREDENTIALS and TLS are directories that are mounted.
 *
 * Another text restarts the pod, which nobody stands in for: `watcher` and what follows ME, which is
 * never set, are left from a store of several members and go with the next change.
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

export const START = `set -eu
exec valkey-server "$CONFIG/valkey.conf"
`;

/** Alive is whoever answers at all: also while it loads its data or misses its primary. */
export const IS_ALIVE = `${BEGIN}
[ -n "$(store localhost ping)" ]
`;

/** Ready is who has read its log. */
export const IS_READY = `${BEGIN}
[ "$(store localhost ping)" = PONG ]
[ -n "\${ME:-}" ] || exit 0
case $(store localhost info replication) in
  *role:master* | *master_link_status:up*) ;;
  *) exit 1 ;;
esac
`;
