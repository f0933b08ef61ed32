/** For tests: autoscalers of the Deployment of fixtures.ts. */
import type * as k8s from "@pulumi/kubernetes";
import type { Fixture } from "./index";

export const TARGET = { apiVersion: "apps/v1", kind: "Deployment", name: "orders" };

export const share = (name: string): k8s.types.input.autoscaling.v2.MetricSpec => ({
  type: "Resource",
  resource: { name, target: { type: "Utilization", averageUtilization: 67 } },
});
export const hpa = (spec: object = {}, name = "orders-hpa"): Fixture => ({
  type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  name,
  props: {
    metadata: { name, namespace: "shop" },
    spec: {
      scaleTargetRef: TARGET,
      minReplicas: 2,
      maxReplicas: 9,
      metrics: [share("cpu")],
      ...spec,
    },
  },
});

export const scaledObject = (spec: object = {}): Fixture => ({
  type: "kubernetes:keda.sh/v1alpha1:ScaledObject",
  name: "keda",
  props: {
    metadata: { name: "orders", namespace: "shop" },
    spec: { scaleTargetRef: { name: "orders" }, minReplicaCount: 3, maxReplicaCount: 8, ...spec },
  },
});
