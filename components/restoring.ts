import type { Settings } from "../settings";
import { REPLACEABLE } from "../settings/keys/stack";
import { incarnationOf } from "../settings/names";

/**
 * What a restore leaves to people, a sentence each. A plan knows no state, so it cannot see whether the database that is
 * to be filled runs already. Pure.
 */
export function restoring(settings: Settings): readonly string[] {
  return [...replaceable(settings), ...settings.system.databases.flatMap(sourceOf(settings))];
}

function replaceable({ protect, protection }: Settings): readonly string[] {
  const lifted = REPLACEABLE.filter((kind) => protect && !protection[kind]);
  return lifted.length === 0
    ? []
    : [
        `runstack:replace lifts the protection of ${lifted.join(", ")}: remove it as soon as the replacement is done.`,
      ];
}

const sourceOf =
  (settings: Settings) =>
  ({ name, runs }: Settings["system"]["databases"][number]): readonly string[] => {
    const { [name]: source } = settings.restoreFrom;
    if (source === undefined || runs === "external") return [];
    const key = `runstack:restoreFrom.${name}`;
    const own = incarnationOf(settings, name);
    const ofThisEnvironment =
      source.incarnation !== undefined && source.incarnation >= settings.incarnation;
    return [
      `${key} fills incarnation ${own} of ${name} when it is created. If that one runs already, nothing is restored: ` +
        `set runstack:incarnations.${name} to ${own + 1}. Once it is restored, remove ${key}.`,
      ...(runs === "managed" && !ofThisEnvironment
        ? [
            `${key}: RDS keeps the KMS key of the source for as long as the instance exists. If the key is that of another ` +
              "environment, never delete it, or restore from a copy of the snapshot under this environment's key (docs/recovery.md).",
          ]
        : []),
    ];
  };
