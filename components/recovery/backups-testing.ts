/** For tests: the backups of one system. */
import * as pulumi from "@pulumi/pulumi";
import type { Backup } from "../../systems/model";
import { days, hours, minutes } from "../../systems/units";
import { register } from "../kit/testing";
import { Backups, type BackupsArguments } from "./backups";

/** What the clouds of these tests answer. */
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

export const args = (
  over: Partial<BackupsArguments> = {},
  ...backups: Backup[]
): BackupsArguments => ({
  system: { id: "shop", backups: backups.length === 0 ? [history, dump] : backups },
  environment: "prod",
  namespace: "shop-ns",
  store: {
    kind: "create",
    place: {
      placement: {
        cloud: "digitalocean",
        vpcId: pulumi.output("the-vpc"),
        clusterId: pulumi.output("the-cluster"),
      },
    },
    bucket: { region: "ams3", bucket: "shop-prod-backups", production: true, protect: true },
  },
  databases: {
    shop: {
      secret: { name: "shop-secrets", key: "URL" },
      reach: [{ kind: "internet", port: 5432 }],
    },
  },
  ...over,
});

export const create = (given: BackupsArguments) =>
  register((options) => new Backups("backups", given, options), { cloud: SPACES });
