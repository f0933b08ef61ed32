import { describe, expect, it } from "vitest";
import { credentialReach, METADATA_SERVER, POD_IDENTITY_AGENT, toCredentials } from "./credentials";

const way = (cidr: string, ...ports: readonly number[]) => ({
  to: [{ ipBlock: { cidr } }],
  ports: ports.map((port) => ({ protocol: "TCP", port })),
});

describe("egress to a cloud's credentials", () => {
  it("points to the credentials service on the node", () => {
    expect(toCredentials(POD_IDENTITY_AGENT)).toEqual(way("169.254.170.23/32", 80));
    expect(toCredentials(METADATA_SERVER)).toEqual(way("169.254.169.254/32", 80, 8080));
  });

  it("has one target for each port", () => {
    const port = (at: number) => ({
      kind: "network",
      cidr: "169.254.169.254/32",
      firstPort: at,
      lastPort: at,
    });
    expect(credentialReach(METADATA_SERVER)).toEqual([port(80), port(8080)]);
  });
});
