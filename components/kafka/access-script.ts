/** The commands that write ACLs. Pure. */
import { accessOf, type Access, type BusArguments } from "./access";
import type { KafkaUserName } from "./contract";

export const ADMINISTRATOR = "admin";

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

const add = (user: string, operations: readonly string[], resources: readonly string[]): string =>
  [
    "acls --add",
    `--allow-principal ${quoted(`User:${user}`)}`,
    ...operations.map((operation) => `--operation ${operation}`),
    ...resources,
  ].join(" ");

const resources = ({ kind, names }: Access): readonly string[] =>
  names.map((name) => `--${kind} ${quoted(name)}`);

/**
 * The administrator's ACL is written first, so that nobody is locked out: until the first ACL
 * exists, every user may do everything. The administrator's ACLs on all resources then deny
 * everyone else, whatever the brokers' default for resources without ACLs. Adding an existing ACL
 * changes nothing.
 */
export function accessScript(bus: BusArguments): string {
  const users: readonly KafkaUserName[] = ["application", "monitor"];
  return [
    "set -eu",
    'PATH="$PATH:/opt/kafka/bin"',
    'acls() { kafka-acls.sh --bootstrap-server "$BROKERS" --command-config "$CLIENT" "$@"; }',
    "tries=0",
    // Brokers learn a new password only after some minutes.
    "until acls --list --cluster; do",
    "  tries=$((tries + 1))",
    '  [ "$tries" -lt 40 ] || exit 1',
    '  sleep "${PAUSE:-15}"',
    "done",
    add(ADMINISTRATOR, ["All"], ["--cluster"]),
    add(ADMINISTRATOR, ["All"], ["--topic '*'", "--group '*'", "--transactional-id '*'"]),
    ...users.flatMap((user) =>
      accessOf(user, bus).map((access) => add(user, access.operations, resources(access))),
    ),
    "",
  ].join("\n");
}
