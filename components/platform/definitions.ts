import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../../lib/namespaces";
import { mib, millicores } from "../../systems/units";
import { CHARTS, DEFINITIONS, IMAGES } from "../../versions";
import { createClusterAccount, createClusterJob, workDigest } from "../kit/cluster-job";
import { Component, type ComponentOptions } from "../kit/component";
import { containerResources } from "../kit/labels";
import { Namespace } from "../kit/namespace";
import { toApiServer } from "../kit/network-rules";
import { restrictedContainer } from "../kit/security";

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
 * Each chart has its own, so that an upgrade of one leaves the definitions of the others alone.
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
    const part = this.part();
    const place = { namespace, account: OBJECT, component: "definitions" };
    const after = createClusterAccount(part, place, RULES);
    this.ready = args.charts.map((chart) => {
      const container = applyContainer(chart);
      const suffix = CHARTS[chart].chart;
      return createClusterJob(part, place, {
        suffix,
        name: definitionsJob(chart),
        container,
        volumes: [{ name: "tmp", emptyDir: { sizeLimit: "32Mi" } }],
        retries: 3,
        deadline: DEADLINE,
        after,
      });
    });
    this.publish();
  }
}

const RULES = [
  {
    apiGroups: ["apiextensions.k8s.io"],
    resources: ["customresourcedefinitions"],
    verbs: ["get", "create", "patch"],
  },
];

/** The Job's name, which changes with what it applies. Pure. */
export const definitionsJob = (chart: ChartWithDefinitions): string =>
  `${CHARTS[chart].chart}-${workDigest(applyContainer(chart))}`;

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
