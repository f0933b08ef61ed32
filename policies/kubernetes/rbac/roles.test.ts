import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../../testing";
import { testPolicy } from "../../testing/cases";
import { broken } from "../../testing/fixtures";

type Rule = k8s.types.input.rbac.v1.PolicyRule;
const role = (
  rule: Rule = { apiGroups: [""], resources: ["configmaps"], verbs: ["get"] },
): Fixture => ({
  type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
  name: "orders",
  props: { metadata: { name: "orders", namespace: "shop" }, rules: [rule] },
});
const RULE = ["rules", 0] as const;
const says = (rule: Rule, may: string, names = ", or name the objects in resourceNames"): string =>
  `Role "shop/orders": rules[0] is ${shown(rule)}; its subjects may ${may}: remove what they do not need${names}.`;
/** As messages show it: keys in wire order, truncated. */
function shown(rule: Rule): string {
  const text = JSON.stringify(Object.fromEntries(Object.entries(rule).sort()));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

describe("wildcards", () => {
  const all = (key: string): string =>
    `Role "shop/orders": rules[0].${key} is ["*"]; it matches everything, now and in future: list the ${key} that are needed.`;
  testPolicy("rbac-no-wildcards", {
    happy: () => role(),
    broken: [
      ...["verbs", "resources", "apiGroups", "nonResourceURLs"].map((key) => ({
        at: [...RULE, key],
        to: ["*"],
        says: all(key),
      })),
      { at: [...RULE, "resources"], to: ["*/scale"], says: [] },
      { at: ["rules"], says: [] },
    ],
    unknown: [["rules"], RULE, [...RULE, "verbs"], [...RULE, "resources", 0]],
  });

  it("rbac-no-wildcards says once what one rule has", async () => {
    const rule = { apiGroups: ["*"], resources: ["*"], verbs: ["get"] };
    expect(await messages("rbac-no-wildcards", [role(rule)])).toEqual([
      'Role "shop/orders": rules[0].resources is ["*"]; it matches everything, now and in future, and so does apiGroups: list the resources and apiGroups that are needed.',
    ]);
    const [all = ""] = await messages("rbac-no-wildcards", [role({ ...rule, verbs: ["*"] })]);
    expect(all).toContain("and so do resources and apiGroups: list the verbs, resources and");
  });

  it("rbac-no-wildcards finds one next to an unknown element", async () => {
    const found = await messages("rbac-no-wildcards", [
      broken(role(), [...RULE, "verbs"], ["*", UNKNOWN]),
    ]);
    expect(found).toEqual([all("verbs").replace('["*"]', '["*","unknown"]')]);
  });
});

interface Row {
  readonly may: string;
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
  /** Whether it is acceptable for named objects. */
  readonly named: boolean;
}
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  "rbac-no-exec": [
    {
      may: "run commands in pods",
      verbs: ["create", "get"],
      resources: ["/pods/exec", "/pods/attach", "/pods/portforward", "/nodes/proxy"],
      named: false,
    },
  ],
  "rbac-no-secret-reading": [
    { may: "read Secrets", verbs: ["get", "list", "watch"], resources: ["/secrets"], named: true },
  ],
  "rbac-no-workload-creation": [
    {
      may: "start arbitrary pods",
      verbs: ["create", "update", "patch"],
      resources: [
        "/pods",
        "/replicationcontrollers",
        "apps/daemonsets",
        "apps/deployments",
        "apps/replicasets",
        "apps/statefulsets",
        "batch/cronjobs",
        "batch/jobs",
      ],
      named: true,
    },
  ],
  "rbac-no-escalation": [
    {
      may: "gain more permissions",
      verbs: ["escalate", "bind"],
      resources: ["rbac.authorization.k8s.io/roles", "rbac.authorization.k8s.io/clusterroles"],
      named: true,
    },
    {
      may: "impersonate others",
      verbs: ["impersonate"],
      resources: [
        "/users",
        "/groups",
        "/serviceaccounts",
        "authentication.k8s.io/uids",
        "authentication.k8s.io/userextras",
      ],
      named: true,
    },
    {
      may: "create ServiceAccount tokens",
      verbs: ["create"],
      resources: ["/serviceaccounts/token"],
      named: true,
    },
  ],
  "rbac-no-cluster-control": [
    {
      may: "change what the API server admits",
      verbs: ["create", "update", "patch", "delete", "deletecollection"],
      resources: [
        "admissionregistration.k8s.io/mutatingwebhookconfigurations",
        "admissionregistration.k8s.io/validatingwebhookconfigurations",
        "admissionregistration.k8s.io/mutatingadmissionpolicies",
        "admissionregistration.k8s.io/validatingadmissionpolicies",
        "admissionregistration.k8s.io/validatingadmissionpolicybindings",
      ],
      named: true,
    },
    {
      may: "approve the cluster's certificates",
      verbs: ["update", "patch", "approve", "sign"],
      resources: [
        "certificates.k8s.io/certificatesigningrequests/approval",
        "certificates.k8s.io/certificatesigningrequests/status",
        "certificates.k8s.io/signers",
      ],
      named: false,
    },
    {
      may: "intercept traffic to addresses",
      verbs: ["update", "patch"],
      resources: ["/services/status"],
      named: false,
    },
    {
      may: "mount directories of nodes",
      verbs: ["create"],
      resources: ["/persistentvolumes"],
      named: false,
    },
  ],
};

describe.each(Object.entries(ROWS))("%s", (policy, rows) => {
  const reported = (rule: Rule): Promise<readonly string[]> => messages(policy, [role(rule)]);

  it.each(rows.map((row) => [row.may, row] as const))(
    "%s",
    async (may, { verbs, resources, named }) => {
      const names = named ? undefined : "";
      for (const each of resources) {
        const [group = "", ...rest] = each.split("/");
        const rule = { apiGroups: [group], resources: [rest.join("/")], verbs: [verbs[0] ?? ""] };
        expect(await reported(rule)).toEqual([says(rule, may, names)]);
        expect(await reported({ ...rule, verbs: ["deletecollections"] })).toEqual([]);
        expect(await reported({ ...rule, apiGroups: ["example.com"] })).toEqual([]);
        const withNames = { ...rule, resourceNames: ["one"] };
        expect(await reported(withNames)).toEqual(named ? [] : [says(withNames, may, names)]);
      }
      const [group = "", ...rest] = (resources[0] ?? "").split("/");
      for (const verb of [...verbs, "*"]) {
        const rule = { apiGroups: ["*"], resources: [rest.join("/")], verbs: ["x", verb] };
        expect(await reported(rule)).toEqual([says(rule, may, names)]);
        expect(await reported({ apiGroups: [group], resources: ["*"], verbs: [verb] })).toEqual([]);
      }
    },
  );
});

describe("rules with unknown parts", () => {
  testPolicy("rbac-no-exec", {
    happy: () => role({ apiGroups: [""], resources: ["pods"], verbs: ["create"] }),
    broken: [
      {
        at: [...RULE, "resources"],
        to: ["*/exec"],
        says: says(
          { apiGroups: [""], resources: ["*/exec"], verbs: ["create"] },
          "run commands in pods",
          "",
        ),
      },
      { at: ["rules"], says: [] },
      { at: RULE, to: {}, says: [] },
    ],
    unknown: [["rules"], RULE, [...RULE, "resources"], [...RULE, "resources", 0]],
  });

  testPolicy("rbac-no-secret-reading", {
    happy: () => role({ apiGroups: ["apps"], resources: ["secrets"], verbs: ["list"] }),
    broken: [],
    unknown: [
      [...RULE, "apiGroups"],
      [...RULE, "apiGroups", 0],
    ],
  });

  testPolicy("rbac-no-workload-creation", {
    happy: () => role({ apiGroups: [""], resources: ["pods"], verbs: ["list"] }),
    broken: [
      {
        at: RULE,
        to: { apiGroups: [""], resources: ["pods"], verbs: ["create"], resourceNames: [] },
        says: says(
          { apiGroups: [""], resourceNames: [], resources: ["pods"], verbs: ["create"] },
          "start arbitrary pods",
        ),
      },
    ],
    unknown: [
      [...RULE, "verbs"],
      [...RULE, "verbs", 0],
    ],
  });

  testPolicy("rbac-no-escalation", {
    happy: () =>
      role({
        apiGroups: [""],
        resources: ["serviceaccounts/token"],
        resourceNames: ["orders"],
        verbs: ["create"],
      }),
    broken: [],
    unknown: [[...RULE, "resourceNames"]],
  });

  it("evaluates ClusterRoles too", async () => {
    const rule = { apiGroups: [""], resources: ["secrets"], verbs: ["list"] };
    const fixture = { ...role(rule), type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole" };
    const named = broken(fixture, ["metadata"], { name: "orders" });
    expect(await messages("rbac-no-secret-reading", [named])).toEqual([
      says(rule, "read Secrets").replace("Role", "ClusterRole").replace("shop/", ""),
    ]);
  });
});
