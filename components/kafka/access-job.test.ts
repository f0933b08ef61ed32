import { describe, expect, it } from "vitest";
import { inputsOf, named } from "../kit/testing";
import type { MskKafkaArguments } from "../clouds/aws/msk/msk";
import { createMsk } from "../clouds/aws/msk/testing";

describe("the Job that writes ACLs", () => {
  it("signs in as the administrator, with the password in a file", async () => {
    const { resources } = await createMsk();
    expect(inputsOf(resources, "bus-access-client")["stringData"]).toEqual({
      $secret: {
        "client.properties":
          "security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\n" +
          "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required" +
          ' username="admin" password="generated-password";\n',
      },
    });
    expect(named(resources, "bus-access").dependsOn).toEqual([
      "bus-access-account",
      "bus-access-client",
      "bus-access-network",
      "bus-topic-Rides_Taken",
      "bus-topic-bills",
      "bus-users",
    ]);
  });

  it("is another Job when its commands change, because a Job runs once", async () => {
    const nameOf = async (changes: Partial<MskKafkaArguments>) => {
      const { resources } = await createMsk(changes);
      return (inputsOf(resources, "bus-access")["metadata"] as { name: string }).name;
    };
    const name = await nameOf({});
    expect(name).toMatch(/^bike-bus-access-[0-9a-f]{8}$/);
    expect(await nameOf({ rotation: "2", brokers: 9 })).toBe(name);
    expect(await nameOf({ groups: ["one-more"] })).not.toBe(name);
  });

  it("is restricted, and reaches only DNS and brokers", async () => {
    const { resources } = await createMsk();
    expect(inputsOf(resources, "bus-access")["spec"]).toMatchObject({
      backoffLimit: 2,
      activeDeadlineSeconds: 1200,
      template: {
        spec: {
          restartPolicy: "Never",
          serviceAccountName: "bike-bus-access",
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              image: "docker.io/apache/kafka:4.3.1",
              env: [
                { name: "BROKERS", value: "b-1.example.com:9096,b-2.example.com:9096" },
                { name: "CLIENT", value: "/etc/kafka-client/client.properties" },
                { name: "KAFKA_HEAP_OPTS", value: "-Xmx192m" },
                { name: "LOG_DIR", value: "/tmp/logs" },
              ],
              securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
            },
          ],
        },
      },
    });
    expect(inputsOf(resources, "bus-access-account")).toMatchObject({
      metadata: { name: "bike-bus-access" },
      automountServiceAccountToken: false,
    });
    const { spec } = inputsOf(resources, "bus-access-network") as {
      spec: { policyTypes: unknown; ingress?: unknown; egress: unknown[] };
    };
    expect(spec.policyTypes).toEqual(["Ingress", "Egress"]);
    expect(spec).not.toHaveProperty("ingress");
    expect(spec.egress.slice(1)).toEqual([
      {
        to: [{ ipBlock: { cidr: "10.61.0.0/16" } }],
        ports: [{ protocol: "TCP", port: 9096, endPort: 9096 }],
      },
    ]);
  });
});
