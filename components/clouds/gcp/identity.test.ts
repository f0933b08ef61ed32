import * as pulumi from "@pulumi/pulumi";
import * as projects from "@pulumi/gcp/projects";
import { describe, expect, it } from "vitest";
import { inputsOf, named, nameOf, refusal, register, UNKNOWN, valueOf } from "../../kit/testing";
import { workloadIdentity } from "./identity";

const cloud = {
  "gcp:serviceaccount/account:Account": { email: "rider@town.example.com", name: "the-account" },
  "gcp:serviceaccount/iAMMember:IAMMember": {},
  "gcp:projects/service:Service": {},
};

const create = (accountId = "bikes-rider", preview = false) =>
  register(
    (options) => {
      const cluster = new projects.Service("the-cluster", { service: "c" }, options);
      return workloadIdentity(
        "rider",
        {
          placement: {
            project: "town-7",
            workloadPool: "town-7.svc.id.goog",
            identityReady: [cluster],
          },
          account: { namespace: "bikes-ns", serviceAccount: "rider-sa" },
          accountId,
        },
        options,
      );
    },
    { cloud, preview },
  );

describe("an identity for a ServiceAccount", () => {
  it("is a Google service account that only this ServiceAccount may use", async () => {
    const { resources } = await create();
    expect(resources.map(({ name }) => name)).toEqual([
      "rider-account",
      "rider-member",
      "the-cluster",
    ]);
    expect(inputsOf(resources, "rider-account")).toEqual({
      accountId: "bikes-rider",
      project: "town-7",
      displayName: "bikes-ns/rider-sa",
    });
    expect(inputsOf(resources, "rider-member")).toEqual({
      serviceAccountId: "the-account",
      role: "roles/iam.workloadIdentityUser",
      member: "serviceAccount:town-7.svc.id.goog[bikes-ns/rider-sa]",
    });
  });

  it("returns the ServiceAccount's annotation, and what pods wait for", async () => {
    const { result } = await create();
    expect(Object.keys(result.annotations)).toEqual(["iam.gke.io/gcp-service-account"]);
    expect(await valueOf(pulumi.output(result.annotations["iam.gke.io/gcp-service-account"]))).toBe(
      "rider@town.example.com",
    );
    expect(result.ready.map(nameOf)).toEqual(["rider-member"]);
    expect(nameOf(result.account)).toBe("rider-account");
  });

  it("is bound only once the workload identity pool exists", async () => {
    const { resources } = await create();
    expect(named(resources, "rider-member").dependsOn).toEqual(["the-cluster"]);
    expect(named(resources, "rider-account").dependsOn).toEqual([]);
  });

  it("has only a known name in a first preview", async () => {
    const { result, resources } = await create("bikes-rider", true);
    expect(inputsOf(resources, "rider-member")["serviceAccountId"]).toBe(UNKNOWN);
    expect(await valueOf(pulumi.output(result.annotations["iam.gke.io/gcp-service-account"]))).toBe(
      UNKNOWN,
    );
  });
});

describe("the id of an account", () => {
  const check = (accountId: string) =>
    refusal(() =>
      workloadIdentity(
        "rider",
        {
          placement: { project: "p", workloadPool: "p", identityReady: [] },
          account: { namespace: "n", serviceAccount: "s" },
          accountId,
        },
        {},
      ),
    );

  it.each(["short", "a".repeat(31), "1abcdef", "abcdef-", "Abcdef", "ab_cdef"])(
    "is refused: %s",
    (accountId) => {
      expect(check(accountId)).toBe(
        `Workload identity rider: accountId is "${accountId}", but must be 6 to 30 lower-case letters, digits and hyphens, beginning with a letter. Shorten it.`,
      );
    },
  );

  it.each(["abcdef", "a".repeat(30), "a-1-b-2"])("is accepted: %s", async (accountId) => {
    const { resources } = await create(accountId);
    expect(inputsOf(resources, "rider-account")["accountId"]).toBe(accountId);
  });
});
