/**
 * Every name that outlives what it names, or that others can take: in an account, in a project, in a bucket, or in
 * the one namespace that all buckets of the world share. Pure.
 *
 * A cloud keeps a used name for a while: deleted secrets for 30 days, buckets and volumes as long as they exist. So what
 * is rebuilt gets the names of a new incarnation.
 */
import type { EnvironmentName, System } from "../systems/model";

/** What names of the environment depend on. */
export interface Named {
  readonly system: Pick<System, "id" | "cluster">;
  readonly environment: EnvironmentName;
  readonly incarnation: number;
}

/** What names of its data services depend on. */
export interface NamedServices extends Named {
  /** By data service; one that is not listed has the environment's. */
  readonly incarnations: Readonly<Record<string, number>>;
}

/** What names of buckets depend on. */
export interface NamedGlobally extends Named {
  readonly namePrefix: string | undefined;
}

/** The first incarnation has no number: existing environments and the runbooks' commands use its names. */
export const incarnated = (name: string, incarnation: number): string =>
  incarnation === 1 ? name : `${name}-${incarnation}`;

/** Prefix of secrets and of accounts in the cloud. */
export const environmentName = ({ system, environment, incarnation }: Named): string =>
  incarnated(`${system.id}-${environment}`, incarnation);

/**
 * Who owns DNS records. The same in every incarnation: records outlive the environment that wrote them, and the next
 * one must be allowed to change them.
 */
export const recordOwner = ({
  system,
  environment,
}: Pick<Named, "system" | "environment">): string => `${system.id}-${environment}`;

/** The cluster, with its network and logs. Production uses the runbook's name, because its commands use it. */
export const clusterName = ({ system, environment, incarnation }: Named): string =>
  incarnated(
    environment === "prod" ? system.cluster.name : `${system.cluster.name}-${environment}`,
    incarnation,
  );

export const incarnationOf = (
  { incarnation, incarnations }: Pick<NamedServices, "incarnation" | "incarnations">,
  service: string,
): number => incarnations[service] ?? incarnation;

/** A managed data service: system and environment, then the service. */
export const serviceName = (named: NamedServices, service: string): string =>
  incarnated(`${named.system.id}-${named.environment}-${service}`, incarnationOf(named, service));

/** Where a database in the cluster keeps its archive, within the bucket. */
export const archiveName = (
  { system, environment }: Pick<Named, "system" | "environment">,
  incarnation: number,
): string => incarnated(`${system.id}-${environment}`, incarnation);

/** Reads ARCHIVE, which is in the environment's own bucket, or BUCKET/ARCHIVE. */
export function archiveSource(from: string): {
  readonly bucket: string | undefined;
  readonly archive: string;
} {
  const [archive = "", ...bucket] = from.split("/").reverse();
  return { bucket: bucket[0], archive };
}

/** Reads BUCKET or BUCKET/ARCHIVE. */
export function archivePlace(place: string): {
  readonly bucket: string;
  readonly archive: string | undefined;
} {
  const [bucket = "", archive] = place.split("/");
  return { bucket, archive };
}

/** A bucket. `account` stands in front where the stack sets no prefix. */
export const bucketName = (
  { namePrefix, incarnation }: Pick<NamedGlobally, "namePrefix" | "incarnation">,
  name: string,
  account = "",
): string =>
  incarnated([namePrefix ?? account, name].filter((part) => part !== "").join("-"), incarnation);
