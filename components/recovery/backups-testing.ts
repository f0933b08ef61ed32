/** For tests: the backups of one system. */
import * as pulumi from "@pulumi/pulumi";
import type { Backup } from "../../systems/model";
import { days, hours, minutes } from "../../systems/units";
import { register } from "../kit/testing";
import { SpacesObjectStore } from "../clouds/digitalocean/spaces";
import type { BucketArguments } from "../object-store/arguments";
import type { ObjectStore } from "../object-store/contract";
import { ExternalObjectStore } from "../object-store/external";
import { Backups, type BackupsArguments } from "./backups";

/** The clouds' responses in these tests. */
export const SPACES = {
  "digitalocean:index/spacesKey:SpacesKey": { accessKey: "key-id", secretKey: "key-secret" },
};

const clause = { ids: [], heading: "Backups" };
export const dump: Backup = {
  clause,
  name: "shop-dump",
  of: "shop",
  method: "dump",
  every: hours(24),
  schedule: "17 3 * * *",
  retention: days(31),
};
export const history: Backup = {
  clause,
  name: "shop-history",
  of: "shop",
  method: "provider",
  every: minutes(1),
  retention: days(9),
  ours: { method: "comes with the service" },
};

type WithoutStore = Omit<BackupsArguments, "store">;

export const BUCKET: BucketArguments = {
  region: "ams3",
  bucket: "shop-prod-backups",
  expirations: [],
  production: true,
  protect: true,
};

/** An external bucket: nothing is created for it. */
export const elsewhere = (options: pulumi.ComponentResourceOptions): ObjectStore =>
  new ExternalObjectStore(
    "elsewhere",
    {
      endpoint: "s3.example.com",
      bucket: "all-backups",
      region: "eu",
      accessKey: pulumi.output("a"),
      secretKey: pulumi.output("b"),
    },
    options,
  );

export const args = (over: Partial<WithoutStore> = {}, ...backups: Backup[]): WithoutStore => ({
  system: { id: "shop", backups: backups.length === 0 ? [history, dump] : backups },
  environment: "prod",
  namespace: "shop-ns",
  databases: {
    shop: {
      secret: { name: "shop-secrets", key: "URL" },
      reach: [{ kind: "internet", port: 5432 }],
    },
  },
  ...over,
});

export const create = (given: WithoutStore) =>
  register(
    (options) =>
      new Backups(
        "backups",
        { ...given, store: new SpacesObjectStore("backups-store", BUCKET, options) },
        options,
      ),
    { cloud: SPACES },
  );
