/** A Deployment as anybody writes it. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const labels = { "app.kubernetes.io/name": "mailer" };

new k8s.apps.v1.Deployment("mailer", {
  metadata: { name: "mailer", namespace: "shop", labels },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            name: "mailer",
            image: new pulumi.Config().require("image"),
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ["ALL"] },
              readOnlyRootFilesystem: true,
            },
            resources: {
              requests: { cpu: "50m", memory: "64Mi" },
              limits: { memory: "128Mi" },
            },
          },
        ],
      },
    },
  },
});
