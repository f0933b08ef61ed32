/**
 * Values that follow from stack file, cloud and runbook together, which no component knows alone: sizes,
 * windows, networks, and replication. By stack and resource; each is a part of the inputs.
 */
type Facts = Readonly<Record<string, Readonly<Record<string, object>>>>;

const doks = (network: string, services: string, pods: string, nodes: number) => ({
  "todo-chatbot-cluster-vpc": { ipRange: network, region: "nyc3" },
  "todo-chatbot-cluster-cluster": {
    serviceSubnet: services,
    clusterSubnet: pods,
    nodePool: { size: "s-4vcpu-8gb", nodeCount: nodes },
  },
});
const prometheus = (retention: string, retentionSize: string) => ({
  "todo-chatbot-observability-metrics": {
    values: { prometheus: { prometheusSpec: { retention, retentionSize } } },
  },
});
const eks = (network: string, services: string, zones: string) => ({
  "aeneas-cluster-network-vpc": { cidrBlock: network },
  "aeneas-cluster-cluster": { kubernetesNetworkConfig: { serviceIpv4Cidr: services } },
  "aeneas-cluster-network-private-a": { availabilityZone: `${zones}a` },
});

export const FACTS: Facts = {
  prod: {
    ...doks("10.100.0.0/20", "10.101.0.0/19", "10.104.0.0/16", 3),
    ...prometheus("35d", "40GB"),
    "todo-chatbot-data-state-cluster": { maintenanceWindows: [{ day: "sunday", hour: "02:00" }] },
    "todo-chatbot-data-pubsub-topic-reminders": { configs: [{ retentionMs: "604800000" }] },
    "todo-chatbot-archive-bucket": {
      lifecycleRules: [
        { id: "expire-neon-dump", prefix: "neon-dump/", expiration: { days: 30 } },
        { id: "old-versions" },
      ],
    },
    "todo-chatbot-platform-gateway-proxy": {
      spec: {
        provider: {
          kubernetes: {
            envoyService: {
              annotations: {
                "service.beta.kubernetes.io/do-loadbalancer-name": "todo-chatbot-edge",
                "service.beta.kubernetes.io/do-loadbalancer-size-unit": "1",
                "service.beta.kubernetes.io/do-loadbalancer-type": "REGIONAL_NETWORK",
              },
            },
          },
        },
      },
    },
    "todo-chatbot-application-edge-traffic-policy": {
      spec: { rateLimit: { local: { rules: [{ limit: { requests: 1200 } }] } } },
    },
  },
  staging: {
    ...doks("10.120.0.0/20", "10.121.0.0/19", "10.124.0.0/16", 2),
    ...prometheus("15d", "16GB"),
  },
  "aeneas-prod": {
    ...eks("10.100.0.0/16", "10.101.0.0/20", "us-east-1"),
    "aeneas-data-postgresql-instance": {
      identifier: "aeneas-prod-postgresql",
      instanceClass: "db.m6g.large",
      allocatedStorage: 50,
      maxAllocatedStorage: 100,
      backupWindow: "02:00-03:00",
      maintenanceWindow: "sun:03:00-sun:05:00",
    },
    "aeneas-data-redis-group": { replicationGroupId: "aeneas-prod-redis", numNodeGroups: 2 },
    "aeneas-data-kafka-cluster": {
      clusterName: "aeneas-prod-kafka",
      brokerNodeGroupInfo: { instanceType: "kafka.m5.large" },
    },
    "aeneas-data-postgresql-pooler-proxy": { name: "aeneas-prod-postgresql-proxy" },
  },
  "aeneas-dr": eks("10.140.0.0/16", "10.141.0.0/20", "us-west-2"),
  "aia-prod": {
    "aia-data-mas-system-postgres-instance": {
      region: "us-central1",
      settings: {
        tier: "db-custom-2-7680",
        diskAutoresizeLimit: 100,
        backupConfiguration: { location: "us-central1" },
        maintenanceWindow: { day: 7, hour: 3 },
        ipConfiguration: { allocatedIpRange: "aia-cluster-managed" },
      },
    },
    "aia-data-redis-instance": { reservedIpRange: "aia-cluster-managed", memorySizeGb: 5 },
    "aia-observability-routing": {
      spec: {
        receivers: [
          { name: "nobody" },
          { name: "critical", emailConfigs: [{ to: "devops@013a.tech" }] },
          { name: "warning" },
          { name: "info" },
        ],
      },
    },
  },
  "phase-5-prod": {
    "phase-5-data-postgres-cluster": {
      spec: {
        bootstrap: { initdb: { database: "todo", owner: "todo" } },
        plugins: [{ parameters: { serverName: "phase-5-prod-pg15" } }],
        postgresql: { parameters: { shared_buffers: "256MB" } },
      },
    },
    "phase-5-data-postgres-pooler": {
      spec: { pgbouncer: { parameters: { default_pool_size: "40", max_db_connections: "40" } } },
    },
  },
  "phase-5-dr": {
    "phase-5-data-postgres-cluster": {
      spec: {
        bootstrap: { recovery: { database: "todo", owner: "todo", source: "source" } },
        // From production's archive into its own archive.
        externalClusters: [{ plugin: { parameters: { serverName: "phase-5-prod-pg15" } } }],
        plugins: [{ parameters: { serverName: "phase-5-dr-pg15" } }],
      },
    },
  },
};
