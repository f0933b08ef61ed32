/**
 * What controllers do to their objects after a while, as data for KWOK: the files of `stages/`. Delays are written there as
 * they are in a cloud. A stage begins when its kind is served, because KWOK never looks for a kind a second time.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { ClusterShape } from "../contract";
import type { ApiClient } from "./client";

const FOLDER = join(__dirname, "stages");
const PATH = "/apis/kwok.x-k8s.io/v1alpha1/stages";

/** A Stage of KWOK, as far as it is read here. */
export interface Stage {
  readonly kind: "Stage";
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly resourceRef: { readonly apiGroup: string; readonly kind: string };
    readonly delay?: { readonly durationMilliseconds: number };
  };
}

/** The stages of all files, at the shape's pace. */
export function stagesFor({
  pace = 1 / 60,
  balancers = "address",
}: ClusterShape): readonly Stage[] {
  return readdirSync(FOLDER)
    .sort()
    .flatMap((file) => parseAllDocuments(readFileSync(join(FOLDER, file), "utf8")))
    .map((document) => document.toJS() as Stage)
    .filter(({ metadata }) => metadata.name !== OTHER_BALANCER[balancers])
    .map((stage) => atPace(stage, pace));
}

/** The stage that a cloud does not have. */
const OTHER_BALANCER = {
  address: "service-balancer-hostname",
  hostname: "service-balancer-address",
} as const;

function atPace(stage: Stage, pace: number): Stage {
  const { delay } = stage.spec;
  if (delay === undefined) return stage;
  const durationMilliseconds = Math.round(delay.durationMilliseconds * pace);
  return { ...stage, spec: { ...stage.spec, delay: { durationMilliseconds } } };
}

/** Where KWOK reads stages; what is in them is checked by KWOK itself. */
export const STAGE_DEFINITION = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "stages.kwok.x-k8s.io" },
  spec: {
    group: "kwok.x-k8s.io",
    names: { kind: "Stage", listKind: "StageList", plural: "stages", singular: "stage" },
    scope: "Cluster",
    versions: [
      {
        ...{ name: "v1alpha1", served: true, storage: true },
        schema: {
          openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        },
        subresources: { status: {} },
      },
    ],
  },
};

/** Rounds for which KWOK is reminded of new stages: it needs their kind's schema, which the server publishes later. */
const REMINDERS = 60;

/** Keeps the stages of served kinds in the cluster, and those of other kinds out of it. */
export class StageKeeper {
  private readonly installed = new Set<string>();
  private reminders = 0;

  constructor(
    private readonly client: ApiClient,
    private readonly stages: readonly Stage[],
  ) {}

  async reconcile(): Promise<void> {
    const groups = new Set(this.stages.map(({ spec }) => spec.resourceRef.apiGroup));
    for (const group of groups) {
      const served = await this.kindsOf(group);
      for (const stage of this.stages.filter(({ spec }) => spec.resourceRef.apiGroup === group)) {
        await this.keep(stage, served.has(stage.spec.resourceRef.kind));
      }
    }
    await this.remind();
  }

  private async kindsOf(group: string): Promise<ReadonlySet<string>> {
    const path = group === "v1" ? "/api/v1" : `/apis/${group}`;
    const { status, body } = await this.client.send("GET", path);
    if (status === 404) return new Set();
    if (status !== 200) throw new Error(`The API server answers ${path} with ${status}.`);
    const { resources } = body as { readonly resources: readonly { readonly kind: string }[] };
    return new Set(resources.map(({ kind }) => kind));
  }

  private async keep(stage: Stage, isServed: boolean): Promise<void> {
    const { name } = stage.metadata;
    if (isServed === this.installed.has(name)) return;
    if (isServed) {
      await this.client.must("POST", PATH, stage);
      this.installed.add(name);
      this.reminders = REMINDERS;
    } else {
      await this.client.must("DELETE", `${PATH}/${name}`);
      this.installed.delete(name);
    }
  }

  private async remind(): Promise<void> {
    const [name] = this.installed;
    if (name === undefined || this.reminders === 0) return;
    this.reminders -= 1;
    const annotations = { "rehearsal.runstack.dev/reminder": String(this.reminders) };
    await this.client.patch(
      `${PATH}/${name}`,
      { metadata: { annotations } },
      { type: "merge", manager: "rehearsal" },
    );
  }
}
