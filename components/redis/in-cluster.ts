import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type * as random from "@pulumi/random";
import { Component, type ComponentOptions } from "../kit/component";
import { customResource } from "../kit/custom-resource";
import type { Reach } from "../kit/egress";
import type { Redis } from "./contract";
import { createCertificates } from "./in-cluster-certificates";
import { checkInClusterRedis } from "./in-cluster-check";
import { accessList, STORE_PORT } from "./in-cluster-config";
import { createMembers, memberFiles, sha256 } from "./in-cluster-members";
import {
  memberLabels,
  metadata,
  namesOf,
  type InClusterRedisArguments,
  type Names,
} from "./in-cluster-names";
import { memberPolicy } from "./in-cluster-network";
import { storePassword } from "./password";
import { redisUrl } from "./url";

/**
 * Valkey in the cluster, in its clients' namespace: a single pod, so it is unavailable while it
 * moves to another node. Every write is in a log on a volume within a second; there are no backups.
 *
 * It must depend on cert-manager and on the Prometheus operator, which defines PodMonitors.
 */
export class InClusterRedis extends Component implements Redis {
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  readonly url: pulumi.Output<string>;
  readonly tls = true;
  readonly username: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  /** Created in the cluster, and known only there. */
  readonly certificateAuthority = undefined;
  readonly certificateAuthoritySecret: { readonly name: string; readonly key: string };
  readonly engine = "valkey";
  readonly mode = "standalone";
  readonly reach: readonly Reach[];
  readonly capabilities: Redis["capabilities"];
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: InClusterRedisArguments, options: ComponentOptions) {
    const { serviceName, version } = args;
    super("redis:InClusterRedis", name, { serviceName, version, topology: "single" }, options);
    checkInClusterRedis(name, args);

    const names = namesOf(args);
    const clients = storePassword(this.child("password"), args.rotation ?? "1", this.options());
    const { secret, digest } = this.createCredentials(args, names, clients);
    const before = [secret, ...this.createSurroundings(args, names)];
    const members = createMembers(
      this.child("members"),
      args,
      digest,
      this.options({ dependsOn: before }),
    );
    const service = this.createService(args, names, [members]);
    this.createMonitor(args, names);

    this.host = pulumi.output(names.host);
    this.port = pulumi.output(STORE_PORT);
    this.username = pulumi.output("default");
    this.password = clients.result;
    this.url = redisUrl(this);
    this.certificateAuthoritySecret = { name: names.tls, key: "ca.crt" };
    this.reach = [
      {
        kind: "pods",
        namespace: args.namespace,
        labels: memberLabels(args),
        ports: [STORE_PORT],
      },
    ];
    this.capabilities = { failover: false, backups: false };
    this.ready = [members, service];
    this.publish();
  }

  /**
   * The clients' password is only stored as a digest: the server does not need the password. The
   * internal one never changes: only the probes use it.
   */
  private createCredentials(
    args: InClusterRedisArguments,
    names: Names,
    clients: random.RandomPassword,
  ): { readonly secret: k8s.core.v1.Secret; readonly digest: pulumi.Output<string> } {
    const internal = storePassword(this.child("internal"), "1", this.options()).result;
    const metrics = storePassword(this.child("metrics"), "1", this.options()).result;
    const list = pulumi.secret(
      pulumi
        .all([clients.result, internal, metrics])
        .apply(([forClients, forMembers, forMetrics]) =>
          accessList({ clients: forClients, internal: forMembers, metrics: forMetrics }),
        ),
    );
    const secret = new k8s.core.v1.Secret(
      this.child("credentials"),
      {
        metadata: metadata(args, names.credentials),
        type: "Opaque",
        stringData: { "users.acl": list, internal, metrics },
      },
      this.options(),
    );
    return { secret, digest: list.apply(sha256) };
  }

  /** What must exist before the first pod starts. */
  private createSurroundings(args: InClusterRedisArguments, names: Names): pulumi.Resource[] {
    return [
      createCertificates(this.child("tls"), args, this.options()),
      new k8s.core.v1.ServiceAccount(
        this.child("account"),
        { metadata: metadata(args, names.service), automountServiceAccountToken: false },
        this.options(),
      ),
      new k8s.core.v1.ConfigMap(
        this.child("config"),
        { metadata: metadata(args, names.config), data: memberFiles(args) },
        this.options(),
      ),
      this.createMemberNames(args, names),
      new k8s.networking.v1.NetworkPolicy(
        this.child("members-network"),
        { metadata: metadata(args, names.members), spec: memberPolicy(args) },
        this.options(),
      ),
      new k8s.policy.v1.PodDisruptionBudget(
        this.child("budget"),
        {
          metadata: metadata(args, names.service),
          spec: {
            maxUnavailable: 1,
            unhealthyPodEvictionPolicy: "AlwaysAllow",
            selector: { matchLabels: memberLabels(args) },
          },
        },
        this.options(),
      ),
    ];
  }

  /** A StatefulSet derives its pods' DNS names from it. */
  private createMemberNames(args: InClusterRedisArguments, names: Names): k8s.core.v1.Service {
    return new k8s.core.v1.Service(
      this.child("members-service"),
      {
        metadata: metadata(args, names.members),
        spec: {
          clusterIP: "None",
          publishNotReadyAddresses: true,
          selector: memberLabels(args),
          ports: [port("redis", STORE_PORT)],
        },
      },
      this.options(),
    );
  }

  private createService(
    args: InClusterRedisArguments,
    names: Names,
    dependsOn: pulumi.Resource[],
  ): k8s.core.v1.Service {
    return new k8s.core.v1.Service(
      this.child("service"),
      {
        metadata: metadata(args, names.service),
        spec: {
          type: "ClusterIP",
          selector: memberLabels(args),
          ports: [port("redis", STORE_PORT)],
        },
      },
      this.options({ dependsOn }),
    );
  }

  private createMonitor(args: InClusterRedisArguments, names: Names): void {
    customResource(
      this.child("monitor"),
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PodMonitor",
        metadata: metadata(args, names.service),
        spec: {
          selector: { matchLabels: memberLabels(args) },
          podMetricsEndpoints: [{ port: "metrics", path: "/metrics", interval: "30s" }],
          jobLabel: "app.kubernetes.io/name",
        },
      },
      this.options(),
    );
  }
}

const port = (name: string, number: number) => ({
  name,
  port: number,
  targetPort: name,
  protocol: "TCP",
});
