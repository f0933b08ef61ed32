/** Writes ACLs from inside the cluster, for clouds without a resource for them. */
import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { IMAGES } from "../../versions";
import { commonLabels } from "../kit/labels";
import { toDns } from "../kit/network-rules";
import { toReach, type Reach } from "../kit/egress";
import { restrictedContainer, restrictedPod } from "../kit/security";
import type { BusArguments } from "./access";
import { accessScript, ADMINISTRATOR } from "./access-script";

export interface AccessJobArguments extends BusArguments {
  /** Name of the Kafka cluster; the objects are named after it. */
  readonly clusterName: string;
  readonly system: string;
  readonly namespace: string;
  readonly brokers: pulumi.Output<string>;
  readonly reach: readonly Reach[];
  /** Secret: the administrator's password. */
  readonly password: pulumi.Output<string>;
}

/** Longer than the script keeps trying to sign in. */
const DEADLINE = 1200;

export function createAccessJob(
  child: (suffix: string) => string,
  args: AccessJobArguments,
  options: pulumi.CustomResourceOptions,
): k8s.batch.v1.Job {
  const script = accessScript(args);
  const base = `${args.clusterName}-access`;
  const labels = { ...commonLabels(args.system, "kafka-access"), "app.kubernetes.io/name": base };
  const metadata = { name: base, namespace: args.namespace, labels };
  return new k8s.batch.v1.Job(
    child("access"),
    {
      metadata: {
        ...metadata,
        // A Job runs once: another script is another Job, created before the old one is deleted.
        name: `${base}-${createHash("sha256").update(script).digest("hex").slice(0, 8)}`,
        annotations: { "pulumi.com/replaceUnready": "true" },
      },
      spec: {
        backoffLimit: 2,
        activeDeadlineSeconds: DEADLINE,
        template: { metadata: { labels }, spec: pod(args, base, script) },
      },
    },
    pulumi.mergeOptions(options, {
      dependsOn: createSurroundings(child, args, metadata, options),
      customTimeouts: { create: `${String(DEADLINE + 60)}s` },
    }),
  );
}

/** How the job signs in, as which user it runs, and where it may connect. */
function createSurroundings(
  child: (suffix: string) => string,
  args: AccessJobArguments,
  metadata: { readonly name: string; readonly namespace: string },
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const secret = new k8s.core.v1.Secret(
    child("access-client"),
    { metadata, type: "Opaque", stringData: { "client.properties": properties(args.password) } },
    options,
  );
  const account = new k8s.core.v1.ServiceAccount(
    child("access-account"),
    { metadata, automountServiceAccountToken: false },
    options,
  );
  const policy = new k8s.networking.v1.NetworkPolicy(
    child("access-network"),
    {
      metadata,
      spec: {
        podSelector: { matchLabels: { "app.kubernetes.io/name": metadata.name } },
        policyTypes: ["Ingress", "Egress"],
        egress: [toDns(), ...args.reach.map(toReach)],
      },
    },
    options,
  );
  return [secret, account, policy];
}

function pod(
  { brokers }: AccessJobArguments,
  objectName: string,
  script: string,
): k8s.types.input.core.v1.PodSpec {
  return {
    restartPolicy: "Never",
    serviceAccountName: objectName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(),
    containers: [
      {
        name: "access",
        image: IMAGES.kafka,
        command: ["/bin/sh", "-c", script],
        env: [
          { name: "BROKERS", value: brokers },
          { name: "CLIENT", value: "/etc/kafka-client/client.properties" },
          { name: "KAFKA_HEAP_OPTS", value: "-Xmx192m" },
          { name: "LOG_DIR", value: "/tmp/logs" },
        ],
        resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
        securityContext: restrictedContainer(),
        volumeMounts: [
          { name: "client", mountPath: "/etc/kafka-client", readOnly: true },
          { name: "scratch", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "client", secret: { secretName: objectName, defaultMode: 0o440 } },
      { name: "scratch", emptyDir: { sizeLimit: "64Mi" } },
    ],
  };
}

/** The Kafka client's configuration; in a file, because others can see a process's arguments. */
const properties = (password: pulumi.Output<string>): pulumi.Output<string> =>
  pulumi.secret(
    password.apply((value) =>
      [
        "security.protocol=SASL_SSL",
        "sasl.mechanism=SCRAM-SHA-512",
        "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required" +
          ` username="${ADMINISTRATOR}" password="${value}";`,
        "",
      ].join("\n"),
    ),
  );
