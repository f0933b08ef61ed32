/** Rule: a system's namespaces must not be used by anything else. */
import { NAMESPACES } from "../../lib/namespaces";
import { list } from "../../lib/words";
import { quoted, report, type Rule } from "./problem";

/** Kubernetes reserves these. */
const RESERVED = /^(default|kube-.*)$/;

/** Whether no system may have a namespace of this name. */
export const isReserved = (name: string): boolean =>
  RESERVED.test(name) || Object.values<string>(NAMESPACES).includes(name);

export const namespaceFree: Rule = {
  id: "namespace-free",
  check({ namespaces: { prod, staging, monitoring } }) {
    const platform: readonly string[] = Object.values(NAMESPACES);
    const named = [
      { key: "prod", name: prod, taken: platform },
      { key: "staging", name: staging, taken: platform },
      {
        key: "monitoring",
        name: monitoring,
        taken: [...platform.filter((name) => name !== NAMESPACES.monitoring), prod, staging],
      },
    ];
    return named.flatMap(({ key, name, taken }) =>
      name !== undefined && (taken.includes(name) || RESERVED.test(name))
        ? [
            report(
              `namespaces.${key}`,
              `The namespace "${key}"`,
              quoted(name),
              `the system's own, and neither kube-… nor ${list(taken.flatMap((one) => one ?? []))}`,
              "choose another name",
            ),
          ]
        : [],
    );
  },
};
