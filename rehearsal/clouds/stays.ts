/** What docs/day-two.md says is left of an environment that was destroyed. */
import type { Held } from "../contract";

const STAYS = [
  "aws:elasticache/snapshot:Snapshot",
  "aws:rds/snapshot:Snapshot",
  "gcp:kms/keyRing:KeyRing",
  "gcp:kms/cryptoKey:CryptoKey",
];

/** Everything else that is left, a sentence each. */
export const leftOf = (held: readonly Held[]): readonly string[] =>
  held
    .filter(({ type }) => !STAYS.includes(type))
    .map(({ type, name, region }) => `destroy left ${type} ${name} ${region}`.trimEnd());

/** Google lets go of a network some days after its last database. Destroy again then. */
export const WAITS_FOR_GOOGLE = "Producer services";
