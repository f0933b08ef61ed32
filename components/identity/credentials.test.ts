import { describe, expect, it } from "vitest";
import { toCredentials } from "./credentials";

const way = (cidr: string, ...ports: readonly number[]) => ({
  to: [{ ipBlock: { cidr } }],
  ports: ports.map((port) => ({ protocol: "TCP", port })),
});

describe("the way to a cloud's credentials", () => {
  it("leads to whoever hands them out on the node, and nowhere where a token is configured", () => {
    expect(toCredentials("aws")).toEqual([way("169.254.170.23/32", 80)]);
    expect(toCredentials("gcp")).toEqual([way("169.254.169.254/32", 80, 8080)]);
    expect(toCredentials("digitalocean")).toEqual([]);
    expect(toCredentials("existing")).toEqual([]);
  });
});
