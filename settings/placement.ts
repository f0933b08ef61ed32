/**
 * Who can run a data service on a cloud. Every objection is asked of every choice, so that what a message offers would
 * be accepted itself.
 */
import { list } from "../lib/words";
import { SYSTEMS, type SystemId } from "../systems";
import type { CloudName, System } from "../systems/model";
import { recoveryPointOf } from "../systems/recovery-point";
import { durationText } from "../systems/units";
import { PROFILES } from "./clouds";
import type { CloudProfile } from "./clouds/profile";
import { problem, unless, type Check } from "./problem";
import { DATA_KINDS, servicesOf, VARIANTS, type DataKind, type Variant } from "./system";

interface Place {
  readonly system: System;
  readonly production: boolean;
  readonly profile: CloudProfile;
}

/** Why this service cannot be run in this way there. */
type Objection<T> = (service: T, way: Variant, place: Place) => string | undefined;
type Database = System["databases"][number];
type Cache = System["caches"][number];

const DAY = 86_400;

const notOffered =
  (kind: DataKind): Objection<unknown> =>
  (_, way, { profile: { managed, title } }) =>
    way === "managed" && !managed.includes(kind) ? `${title} has no managed ${kind}` : undefined;

/** A managed Postgres limits how far back it can be restored, whatever the runbook asks for. */
const recoversTooLittle: Objection<Database> = ({ pointInTimeRecovery }, way, place) => {
  const { recoveryDays, title } = place.profile;
  const days = (pointInTimeRecovery?.seconds ?? 0) / DAY;
  return way === "managed" && place.production && days > recoveryDays
    ? `${title}'s managed Postgres keeps at most ${recoveryDays} days, and ${days} are required`
    : undefined;
};

/** How long a managed Postgres keeps its daily backups, if the runbook counts on them. */
const forgetsBackups: Objection<Database> = ({ name }, way, { system, production, profile }) => {
  const { backupDays, title } = profile;
  const backup = system.backups.find(
    ({ of, method, retention }) =>
      of === name && method === "provider" && retention.seconds > backupDays * DAY,
  );
  return way === "managed" && production && backup !== undefined
    ? `${title}'s managed Postgres keeps backups for ${backupDays} days, and "${backup.name}" is kept for ${durationText(backup.retention)}`
    : undefined;
};

/** Nothing here restores a Postgres elsewhere, except from dumps, and from a history that the system lists. */
const losesTooMuch: Objection<Database> = ({ name }, way, { system, production }) => {
  const point = recoveryPointOf(system, name);
  if (!production || way !== "external" || point === undefined) return undefined;
  const listed = SYSTEMS[system.id as SystemId].databases.some(
    (database) => database.name === name && database.runs === "external",
  );
  const restores = system.backups.some(
    ({ of, method, every }) =>
      of === name &&
      (method === "dump" || (listed && method === "provider")) &&
      every.seconds <= point.rpo.seconds,
  );
  return restores
    ? undefined
    : `the runbook allows the loss of ${durationText(point.rpo)} (${point.objective.clause.heading}), and only dumps would restore it; ` +
        `if its provider keeps a history, say so in systems/${system.id}: it runs external, with a backup by its provider`;
};

/** In the cluster, Redis is a single pod without failover. */
const standsAlone: Objection<Cache> = ({ topology }, way, { system, production }) =>
  way === "operator" && production && topology !== "single"
    ? `Redis in the cluster is a single pod, and ${system.title} asks for a standby ` +
      `(unless its topology in systems/${system.id} is "single")`
    : undefined;

/** Nothing in a stack takes snapshots of a Redis, except some clouds of their own. */
const takesNoSnapshots: Objection<Cache> = ({ name }, way, { system, production, profile }) => {
  const backup = system.backups.find(({ of, method }) => of === name && method === "snapshot");
  const taken = way === "operator" || (way === "managed" && profile.redisSnapshots);
  return !production || taken || backup === undefined
    ? undefined
    : `the runbook takes a snapshot every ${durationText(backup.every)} (${backup.clause.heading}), and nothing here would; ` +
        `if its provider does, say so in systems/${system.id}: a backup by its provider`;
};

const OBJECTIONS: {
  readonly postgres: readonly Objection<Database>[];
  readonly redis: readonly Objection<Cache>[];
  readonly kafka: readonly Objection<unknown>[];
} = {
  postgres: [notOffered("postgres"), recoversTooLittle, forgetsBackups, losesTooMuch],
  redis: [notOffered("redis"), standsAlone, takesNoSnapshots],
  kafka: [notOffered("kafka")],
};

/** The first objection, if there is one. */
function objectionTo(kind: DataKind, service: unknown, way: Variant, place: Place) {
  const all = OBJECTIONS[kind] as readonly Objection<unknown>[];
  return all.flatMap((objection) => objection(service, way, place) ?? [])[0];
}

/** What speaks against each way. A key chooses for all services of a kind, so one objection is enough. */
const waysFor = (kind: DataKind, place: Place) =>
  VARIANTS.map((way) => ({
    way,
    because: servicesOf(place.system, kind).flatMap(
      (service) => objectionTo(kind, service, way, place) ?? [],
    )[0],
  }));

/** The kinds that nobody can run there. */
const stranded = (place: Place): readonly DataKind[] =>
  DATA_KINDS.filter((kind) => waysFor(kind, place).every(({ because }) => because !== undefined));

const WHO: Readonly<Record<Variant, string>> = {
  managed: "the cloud",
  operator: "an operator",
  external: "another provider",
};

/** Who cannot run it, by reason. */
function nobody(ways: ReturnType<typeof waysFor>): string {
  const reasons = [...new Set(ways.map(({ because = "" }) => because))];
  return reasons
    .map((reason) => {
      const who = ways.filter(({ because }) => because === reason).map(({ way }) => WHO[way]);
      return `not ${who.join(" or ")} (${reason})`;
    })
    .join(", ");
}

/** A cloud on which somebody can run each data service: Amazon for one, which has them all, with snapshots. */
export const cloudHasPlaces: Check = (_, { system, production, cloud, profile }) => {
  const place = { system, production, profile };
  const clouds = (Object.keys(PROFILES) as CloudName[]).filter(
    (one) => stranded({ ...place, profile: PROFILES[one] }).length === 0,
  );
  return stranded(place).map((kind) => {
    const names = servicesOf(system, kind).map(({ name }) => name);
    const who = nobody(waysFor(kind, place));
    return problem(
      "cloud",
      cloud,
      `${list(clouds)} for ${names.join(" and ")}: on ${profile.title} nobody can run it, ${who}`,
    );
  });
};

/** A way to run all services of this kind that is accepted on the stack's cloud. */
export const variantAccepted =
  (kind: DataKind): Check =>
  (_, { system, production, profile }) => {
    const place = { system, production, profile };
    // Then another cloud has to be chosen first, which decides what is accepted.
    if (stranded(place).length > 0) return [];
    const can = waysFor(kind, place).flatMap(({ way, because }) =>
      because === undefined ? [way] : [],
    );
    return servicesOf(system, kind).flatMap((service) => {
      const because = objectionTo(kind, service, service.runs, place);
      return unless(
        because === undefined,
        kind,
        service.runs,
        `${list(can)} for ${service.name}: ${because ?? ""}`,
      );
    });
  };
