/** As many services as the configuration says, each a component with the nine objects of a workload. */
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

class Service extends pulumi.ComponentResource {
  constructor(name: string, namespace: pulumi.Input<string>) {
    super("runstack:bench:Service", name);
    const labels = { app: name };
    const metadata = { name, namespace, labels };
    const options = { parent: this };
    const account = new kubernetes.core.v1.ServiceAccount(name, { metadata }, options);
    const config = new kubernetes.core.v1.ConfigMap(
      name,
      { metadata, data: { LOG_LEVEL: "info" } },
      options,
    );
    const secret = new kubernetes.core.v1.Secret(
      name,
      { metadata, stringData: { TOKEN: pulumi.secret("not used") } },
      options,
    );
    const deployment = new kubernetes.apps.v1.Deployment(
      name,
      {
        metadata,
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              serviceAccountName: account.metadata.name,
              containers: [
                {
                  name: "service",
                  image: "registry.example.com/service:1.0.0",
                  ports: [{ containerPort: 8000 }],
                  envFrom: [
                    { configMapRef: { name: config.metadata.name } },
                    { secretRef: { name: secret.metadata.name } },
                  ],
                  resources: {
                    requests: { cpu: "100m", memory: "128Mi" },
                    limits: { memory: "256Mi" },
                  },
                },
              ],
            },
          },
        },
      },
      options,
    );
    this.addRest(name, metadata, deployment);
    this.registerOutputs({ deployment: deployment.metadata.name });
  }

  private addRest(
    name: string,
    metadata: { name: string; namespace: pulumi.Input<string>; labels: { app: string } },
    deployment: kubernetes.apps.v1.Deployment,
  ): void {
    const options = { parent: this };
    const selector = { matchLabels: metadata.labels };
    new kubernetes.core.v1.Service(
      name,
      { metadata, spec: { selector: metadata.labels, ports: [{ port: 8000 }] } },
      options,
    );
    new kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
      name,
      {
        metadata,
        spec: {
          minReplicas: 2,
          maxReplicas: 5,
          scaleTargetRef: {
            apiVersion: "apps/v1",
            kind: "Deployment",
            name: deployment.metadata.name,
          },
        },
      },
      options,
    );
    new kubernetes.policy.v1.PodDisruptionBudget(
      name,
      { metadata, spec: { minAvailable: 1, selector } },
      options,
    );
    new kubernetes.networking.v1.NetworkPolicy(
      name,
      { metadata, spec: { podSelector: selector, policyTypes: ["Ingress", "Egress"] } },
      options,
    );
    new kubernetes.apiextensions.CustomResource(
      name,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PodMonitor",
        metadata,
        spec: { selector, podMetricsEndpoints: [{ port: "metrics" }] },
      },
      options,
    );
  }
}

const services = new pulumi.Config().requireNumber("services");
const namespace = new kubernetes.core.v1.Namespace("bench", { metadata: { name: "bench" } });
for (let index = 0; index < services; index += 1) {
  new Service(`service-${String(index).padStart(4, "0")}`, namespace.metadata.name);
}
