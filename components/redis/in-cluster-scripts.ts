/**
 * The scripts of the store's containers: POSIX shell and the tools in every image. Every value
 * comes from the environment, so that the text is constant and can be run as it is: CONFIG,
 * CREDENTIALS and TLS are mounted directories.
 *
 * A changed text restarts the only pod: `watcher` and the code for ME, which is never set, are left
 * over from a replicated store and will be removed with the next change.
 */

/** Queries a server, with the internal user's password and a short timeout. */
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

/** Alive if it answers at all, even while it loads its data or has no primary. */
export const IS_ALIVE = `${BEGIN}
[ -n "$(store localhost ping)" ]
`;

/** Ready once it has loaded its log. */
export const IS_READY = `${BEGIN}
[ "$(store localhost ping)" = PONG ]
[ -n "\${ME:-}" ] || exit 0
case $(store localhost info replication) in
  *role:master* | *master_link_status:up*) ;;
  *) exit 1 ;;
esac
`;
