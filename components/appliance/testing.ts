/** What the tests of Qdrant and Ollama have in common. */
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import type { ObjectStore } from "../object-store/contract";

/** Types that only these make. */
export const CLOUD = {
  "kubernetes:apps/v1:StatefulSet": {},
  "kubernetes:core/v1:PersistentVolumeClaim": {},
} as const;

/** Something to wait for. */
export const thing = (name: string, options: pulumi.ResourceOptions): pulumi.Resource =>
  new RandomPassword(name, { length: 8 }, options);

/** A bucket, with a key or without. */
export class FakeStore extends pulumi.ComponentResource implements ObjectStore {
  readonly endpoint = pulumi.output("store.example.net");
  readonly bucket = pulumi.output("the-bucket");
  readonly region = "mars-1";
  readonly dialect = "Other";
  readonly reach = [{ kind: "internet", port: 443 } as const];
  readonly ready: readonly pulumi.Resource[];
  readonly credentials: ObjectStore["credentials"];

  constructor(
    private readonly keyed: boolean,
    private readonly given: pulumi.ComponentResourceOptions,
  ) {
    super("runstack:test:FakeStore", "store", {}, given);
    this.credentials = keyed
      ? { accessKey: pulumi.secret("access-7"), secretKey: pulumi.secret("secret-7") }
      : undefined;
    this.ready = [thing("bucket", given)];
    this.registerOutputs({});
  }

  grant(name: string, { namespace, serviceAccount }: Parameters<ObjectStore["grant"]>[1]) {
    if (this.keyed) throw new Error("a store with a key grants nothing");
    return {
      annotations: { role: pulumi.output(`${namespace}/${serviceAccount}`) },
      ready: [thing(name, this.given)],
    };
  }
}
