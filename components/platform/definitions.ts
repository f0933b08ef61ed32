import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../../lib/namespaces";
import { mib, millicores } from "../../systems/units";
import { CHARTS, DEFINITIONS, IMAGES } from "../../versions";
import { Component, type ComponentOptions } from "../kit/component";
import { commonLabels, containerResources } from "../kit/labels";
import { Namespace } from "../kit/namespace";
import { toApiServer } from "../kit/network-rules";
import { restrictedContainer, restrictedPod } from "../kit/security";

export type ChartWithDefinitions = keyof typeof DEFINITIONS;

export interface DefinitionsArguments {
  readonly charts: readonly ChartWithDefinitions[];
}

/** Name of its objects, including cluster-scoped ones. */
const OBJECT = NAMESPACES.definitions;
/** In seconds: to fetch and apply a few dozen files, and additional time for pulling the image. */
const DEADLINE = 300;

/**
 * Upgrades the custom resource definitions of charts before the charts themselves, because Helm
 * does not: Jobs that `pulumi up` waits for, with a name from what they apply. A failed one is run
 * again by the next `up`.
 *
 * Each chart has its own, which runs only when this chart changes: Dapr's operator completes its
 * definitions when it starts, and applying the files again without that would undo it.
 */
export class Definitions extends Component {
  /** Charts wait for them. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: DefinitionsArguments, options: ComponentOptions) {
    super("platform:Definitions", name, { namespace: NAMESPACES.definitions }, options);
    const namespace = new Namespace(
      this.child("namespace"),
      {
        namespace: NAMESPACES.definitions,
        system: "runstack",
        podSecurity: "restricted",
        // The API server, and the files, which are served over HTTPS.
        traffic: { ingress: [], egress: [toApiServer()] },
      },
      { parent: this },
    );
    const inside = this.options({ dependsOn: [...namespace.ready] });
    const account = new k8s.core.v1.ServiceAccount(
      this.child("account"),
      { metadata: inNamespace(OBJECT), automountServiceAccountToken: false },
      inside,
    );
    const rights = this.createRights();
    const after = this.options({ dependsOn: [...namespace.ready, account, ...rights] });
    this.ready = args.charts.map((chart) => this.createJob(chart, after));
    this.publish();
  }

  private createRights(): readonly pulumi.Resource[] {
    const metadata = { name: OBJECT, labels };
    const role = new k8s.rbac.v1.ClusterRole(
      this.child("role"),
      {
        metadata,
        rules: [
          {
            apiGroups: ["apiextensions.k8s.io"],
            resources: ["customresourcedefinitions"],
            verbs: ["get", "create", "patch"],
          },
        ],
      },
      this.options(),
    );
    const binding = new k8s.rbac.v1.ClusterRoleBinding(
      this.child("binding"),
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: OBJECT },
        subjects: [{ kind: "ServiceAccount", name: OBJECT, namespace: NAMESPACES.definitions }],
      },
      this.options({ dependsOn: [role] }),
    );
    return [role, binding];
  }

  private createJob(
    chart: ChartWithDefinitions,
    options: pulumi.CustomResourceOptions,
  ): k8s.batch.v1.Job {
    const container = applyContainer(chart);
    const { chart: name } = CHARTS[chart];
    return new k8s.batch.v1.Job(
      this.child(name),
      {
        // No TTL: every refresh would recreate a Job that deletes itself.
        metadata: {
          ...inNamespace(`${name}-${digest(container)}`),
          annotations: { "pulumi.com/replaceUnready": "true" },
        },
        spec: {
          backoffLimit: 3,
          activeDeadlineSeconds: DEADLINE,
          template: {
            metadata: { labels },
            spec: {
              restartPolicy: "Never",
              serviceAccountName: OBJECT,
              automountServiceAccountToken: true,
              enableServiceLinks: false,
              securityContext: restrictedPod(),
              containers: [container],
              volumes: [{ name: "tmp", emptyDir: { sizeLimit: "32Mi" } }],
            },
          },
        },
      },
      // Longer than the Job's own deadline, so that the Job's error is reported first.
      { ...options, customTimeouts: { create: `${String(DEADLINE + 60)}s` } },
    );
  }
}

const labels = commonLabels("runstack", "definitions");
const inNamespace = (name: string) => ({ name, namespace: NAMESPACES.definitions, labels });

/** The same files give the same name, so that an `up` without a change runs nothing. */
const digest = (question: unknown): string =>
  createHash("sha256").update(JSON.stringify(question)).digest("hex").slice(0, 10);

/** Server-side, because the annotation of a client-side apply is too small for some of the files. */
export function applyContainer(chart: ChartWithDefinitions): k8s.types.input.core.v1.Container {
  return {
    name: "definitions",
    image: IMAGES.kubectl,
    imagePullPolicy: "IfNotPresent",
    args: [
      "apply",
      "--server-side",
      // Helm's fields, from the installation that it never upgrades.
      "--force-conflicts",
      "--field-manager=runstack",
      ...DEFINITIONS[chart].map((file) => `--filename=${file}`),
    ],
    // It caches what the API server offers.
    env: [{ name: "KUBECACHEDIR", value: "/tmp/cache" }],
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
    resources: containerResources({
      requests: { cpu: millicores(50), memory: mib(64) },
      limits: { memory: mib(256) },
    }),
    securityContext: restrictedContainer(),
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
}
