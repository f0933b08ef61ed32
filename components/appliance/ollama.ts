import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { quantity } from "../../systems/units";
import { IMAGES } from "../../versions";
import { Component, type ComponentOptions } from "../kit/component";
import { commonLabels } from "../kit/labels";
import { fromPeers, toInternet } from "../kit/network-rules";
import type { Reach } from "../kit/egress";
import type { Appliance } from "./contract";
import { checkOllama, objectName, PORT, selector, type OllamaArguments } from "./ollama-arguments";
import { fetchPod, serverPod, volumeLabel } from "./ollama-pod";

/** Labels that give the pulling pod, and only it, access to the internet. */
const fetching = (args: OllamaArguments) => ({
  "app.kubernetes.io/name": "ollama-fetch",
  "app.kubernetes.io/instance": objectName(args),
});

/**
 * Ollama in the cluster: one server with its models on a volume. It speaks plain HTTP and has no
 * authentication: a network policy keeps others out. It exports no metrics, so nothing is scraped.
 *
 * Its Helm chart is not used: it runs as root and pulls models from the server's pod, which would
 * then need internet access for its whole lifetime.
 */
export class Ollama extends Component implements Appliance {
  readonly host: pulumi.Output<string>;
  readonly port = PORT;
  readonly url: pulumi.Output<string>;
  readonly tls = false;
  readonly certificateAuthority = undefined;
  readonly apiKey = undefined;
  readonly reach: readonly Reach[];
  readonly ready: readonly pulumi.Resource[];

  readonly #args: OllamaArguments;

  constructor(name: string, args: OllamaArguments, options: ComponentOptions) {
    const { namespace, storageClass, models = [] } = args;
    super("appliance:Ollama", name, { namespace, storageClass, models: models.join(" ") }, options);
    this.#args = args;
    checkOllama(name, args);

    const volume = this.createVolume();
    const account = this.createAccount();
    const network = this.createNetwork("network", selector(args), {
      // A rule without peers would let everyone in.
      ingress: args.allowFrom.length === 0 ? [] : [fromPeers(args.allowFrom, PORT)],
      egress: [],
    });
    const fetched = models.length === 0 ? [] : [this.fetchModels(models, [volume, account])];
    const server = this.createServer([volume, account, network, ...fetched]);
    const service = this.createService(server);
    this.createBudget();

    const host = `${objectName(args)}.${namespace}.svc.cluster.local`;
    this.host = pulumi.output(host);
    this.url = pulumi.output(`http://${host}:${String(PORT)}`);
    this.reach = [{ kind: "pods", namespace, labels: selector(args), ports: [PORT] }];
    this.ready = [server, service, network];
    this.publish();
  }

  private metadata(name = objectName(this.#args)) {
    const { system, namespace } = this.#args;
    return { name, namespace, labels: commonLabels(system, "ollama") };
  }

  private createVolume(): k8s.core.v1.PersistentVolumeClaim {
    return new k8s.core.v1.PersistentVolumeClaim(
      this.child("volume"),
      {
        metadata: this.metadata(),
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: this.#args.storageClass,
          resources: { requests: { storage: quantity(this.#args.storage) } },
        },
      },
      this.options({ protect: this.#args.protect }),
    );
  }

  private createAccount(): k8s.core.v1.ServiceAccount {
    return new k8s.core.v1.ServiceAccount(
      this.child("account"),
      { metadata: this.metadata(), automountServiceAccountToken: false },
      this.options(),
    );
  }

  private createNetwork(
    suffix: string,
    labels: Readonly<Record<string, string>>,
    flows: Required<Pick<k8s.types.input.networking.v1.NetworkPolicySpec, "ingress" | "egress">>,
  ): k8s.networking.v1.NetworkPolicy {
    return new k8s.networking.v1.NetworkPolicy(
      this.child(suffix),
      {
        metadata: this.metadata(`${objectName(this.#args)}-${suffix}`),
        spec: {
          podSelector: { matchLabels: { ...labels } },
          policyTypes: ["Ingress", "Egress"],
          ...flows,
        },
      },
      this.options(),
    );
  }

  /**
   * Runs before the server starts, or next to it. A different list is a different Job, because a
   * Job cannot be changed and runs once.
   */
  private fetchModels(
    models: readonly string[],
    volume: readonly pulumi.Resource[],
  ): k8s.batch.v1.Job {
    const network = this.createNetwork("fetch-network", fetching(this.#args), {
      ingress: [],
      egress: [toInternet(443)],
    });
    const labels = {
      ...commonLabels(this.#args.system, "ollama"),
      ...fetching(this.#args),
      ...volumeLabel(this.#args),
    };
    return new k8s.batch.v1.Job(
      this.child("fetch"),
      {
        metadata: {
          ...this.metadata(`${objectName(this.#args)}-fetch-${digest(models)}`),
          annotations: { "pulumi.com/replaceUnready": "true" },
        },
        spec: {
          // Finished downloads are kept, and partial ones are resumed.
          backoffLimit: 3,
          activeDeadlineSeconds: FETCH_SECONDS,
          template: { metadata: { labels }, spec: fetchPod(this.#args, models) },
        },
      },
      this.options({
        dependsOn: [...volume, network],
        // Longer than the Job's own deadline, so that the Job's error is reported first.
        customTimeouts: { create: `${String(FETCH_SECONDS + 60)}s` },
      }),
    );
  }

  private createServer(dependsOn: readonly pulumi.Resource[]): k8s.apps.v1.Deployment {
    const metadata = this.metadata();
    return new k8s.apps.v1.Deployment(
      this.child("server"),
      {
        metadata: { ...metadata, labels: { ...metadata.labels, ...selector(this.#args) } },
        spec: {
          replicas: 1,
          revisionHistoryLimit: 3,
          // The image has gigabytes.
          progressDeadlineSeconds: 1200,
          // A second pod could not attach the volume while this one has it.
          strategy: { type: "Recreate" },
          selector: { matchLabels: selector(this.#args) },
          template: {
            metadata: {
              labels: { ...metadata.labels, ...selector(this.#args), ...volumeLabel(this.#args) },
            },
            spec: serverPod(this.#args),
          },
        },
      },
      this.options({
        dependsOn: [...dependsOn],
        customTimeouts: { create: "25m", update: "25m", delete: "10m" },
      }),
    );
  }

  private createService(server: k8s.apps.v1.Deployment): k8s.core.v1.Service {
    return new k8s.core.v1.Service(
      this.child("service"),
      {
        metadata: this.metadata(),
        spec: {
          type: "ClusterIP",
          selector: selector(this.#args),
          ports: [{ name: "http", port: PORT, targetPort: "http", protocol: "TCP" }],
        },
      },
      // Pulumi waits for a Service until it has a ready pod.
      this.options({ dependsOn: [server] }),
    );
  }

  private createBudget(): void {
    new k8s.policy.v1.PodDisruptionBudget(
      this.child("budget"),
      {
        metadata: this.metadata(),
        spec: {
          // There is only one pod, but its node must still be drainable.
          maxUnavailable: 1,
          unhealthyPodEvictionPolicy: "AlwaysAllow",
          selector: { matchLabels: selector(this.#args) },
        },
      },
      this.options(),
    );
  }
}

/** Size of the volume for all models. */
const FETCH_SECONDS = 3600;

/** A digest of all that decides what the Job does: other models or images make another Job. */
const digest = (models: readonly string[]): string =>
  createHash("sha256")
    .update([IMAGES.ollama, ...models].join("\n"))
    .digest("hex")
    .slice(0, 10);
