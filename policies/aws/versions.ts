/**
 * What AWS supports without a surcharge, by service, with sources: versions, certificate
 * authorities, images.
 *
 * A version that is not in the list is refused, even a newer one: this shows when a list is out of
 * date. Each policy accepts another list in its configuration.
 */
import { expectOneOf, expectThat, type Check } from "../expect";
import { list } from "../../lib/words";
import { listSetting } from "../policy";
import type { Value } from "../values";

/**
 * https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html. Standard support ends
 * for 1.33 on 2026-07-29, for 1.34 on 2026-12-02, for 1.35 on 2027-03-27, for 1.36 on 2027-08-02.
 */
export const EKS_VERSIONS = ["1.34", "1.35", "1.36"];

/**
 * https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html.
 * Standard support ends for 13 on 2026-02-28, for 14 on 2027-02-28, for 15 on 2028-02-29; Aurora's
 * calendar has the same years.
 */
export const POSTGRES_VERSIONS = ["14", "15", "16", "17", "18"];

/**
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html. Standard
 * support of 8.0 ends on 2026-07-31.
 */
export const MYSQL_VERSIONS = ["8.4"];

/**
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html. Standard support of
 * Redis OSS 4 and 5 ended on 2026-01-31, that of 6 ends on 2027-01-31.
 */
export const REDIS_VERSIONS = ["6", "7"];
export const VALKEY_VERSIONS = ["7", "8", "9"];

/**
 * https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html. Support of 3.6
 * ended on 2026-06-01, that of 3.7 on 2026-09-01; the others have no end yet.
 */
export const KAFKA_VERSIONS = ["3.8", "3.9", "4.0", "4.1", "4.2"];

/**
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html. rds-ca-2019 expired
 * in August 2024; the first of these does in 2061, the others in 2121.
 */
export const RDS_AUTHORITIES = ["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"];

/** https://docs.aws.amazon.com/eks/latest/userguide/eks-ami-deprecation-faqs.html. */
export const ENDED_IMAGES = ["AL2_"];

export const versionSetting = (
  versions: readonly string[],
  what: string,
): ReturnType<typeof listSetting> => listSetting(versions, `Supported ${what} versions`);

export function expectValidAuthority(check: Check, value: Value, setting: string): void {
  const valid = check.context.setting(setting, RDS_AUTHORITIES);
  expectOneOf(check, value, valid, `the valid certificate authorities are ${list(valid)}`);
}

/** `3.8` matches itself and everything below it: `3.8.x.kraft`, `3.8.1`. */
export function expectSupported(
  check: Check,
  value: Value,
  setting: string,
  versions: readonly string[],
): void {
  const allowed = check.context.setting(setting, versions);
  const isSupported = (text: string): boolean =>
    allowed.some((version) => text === version || text.startsWith(`${version}.`));
  expectThat(
    check,
    value,
    ({ string }) => string !== undefined && isSupported(string),
    `the supported versions are ${list(allowed)}`,
  );
}
