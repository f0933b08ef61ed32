/**
 * Every key that a stack can set. Each key is declared once, in the file of its theme. Its types, parsing,
 * errors, `Pulumi.yaml` and docs/configuration.md are derived from that declaration.
 */
import { alerts } from "./alerts";
import { backups } from "./backups";
import { cluster } from "./cluster";
import { edge } from "./edge";
import { elsewhere } from "./elsewhere";
import { kafka } from "./kafka";
import type { Key } from "./key";
import { postgres } from "./postgres";
import { rebuild } from "./rebuild";
import { redis } from "./redis";
import { restore } from "./restore";
import { secrets } from "./secrets";
import { running } from "./running";
import { services } from "./services";
import { stack } from "./stack";

type Keys = typeof stack &
  typeof cluster &
  typeof edge &
  typeof services &
  typeof running &
  typeof postgres &
  typeof redis &
  typeof kafka &
  typeof backups &
  typeof rebuild &
  typeof restore &
  typeof secrets &
  typeof alerts;

/** What rules see: the stack's values over the constant defaults and the cloud's defaults. */
export type Values = { readonly [K in keyof Keys]: Parameters<Keys[K]["settle"]>[0] };
/** What components read. */
export type Settled = { readonly [K in keyof Keys]: ReturnType<Keys[K]["settle"]> };

/** Read in other places, see elsewhere.ts. */
const { secrets: given, policyExemptions, podSecurityVersion } = elsewhere;

/** For documentation: every key by theme, including those that are read elsewhere. */
export const THEMES: readonly (readonly [string, Readonly<Record<string, Key>>])[] = [
  ["Stack", stack],
  ["Cluster", cluster],
  ["Names and certificates", edge],
  ["Services and images", { ...services, ...running }],
  ["Postgres", postgres],
  ["Redis", redis],
  ["Kafka", kafka],
  ["Buckets and backups", backups],
  ["Rebuild and restore", { ...rebuild, ...restore }],
  ["Secrets", { secrets: given, ...secrets }],
  ["Alerts", alerts],
  ["Policies", { policyExemptions, podSecurityVersion }],
];

/** The keys that the program reads, in the order in which errors are listed. */
export const ALL: readonly (readonly [keyof Keys, Key])[] = THEMES.flatMap(([, keys]) =>
  Object.entries(keys).filter(([name]) => !(name in elsewhere)),
) as never;
