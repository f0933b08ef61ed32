import { overlap, parseCidr } from "../../../lib/cidr";
import { enforce, shown, type Rule } from "../../kit/validation";
import type { ExistingArguments } from "./arguments";

/** Valid names of Kubernetes objects. */
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
/** A label's key, with or without a prefix, and its value. */
const LABEL_KEY =
  /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

/** What can be checked without the cluster; the preflight checks the rest. Pure. */
export function checkExisting(name: string, args: ExistingArguments): void {
  const { context, storageClass } = args;
  enforce(`ExistingCluster ${name}`, [
    {
      holds: context.trim() !== "",
      key: "context",
      value: shown(context),
      allowed: "a context in the kubeconfig",
      next: "`kubectl config get-contexts` lists them.",
    },
    {
      holds: NAME.test(storageClass),
      key: "storageClass",
      value: shown(storageClass),
      allowed: "a valid name of a Kubernetes object",
      next: "Correct it.",
    },
    ...networkRules(args),
    ...listRules(args),
  ]);
}

function networkRules({ podCidr, serviceCidr }: ExistingArguments): readonly Rule[] {
  const [pods, services] = [parseCidr(podCidr), parseCidr(serviceCidr)];
  return [
    ...Object.entries({ podCidr, serviceCidr }).map(([key, text]) => ({
      holds: parseCidr(text) !== undefined,
      key,
      value: shown(text),
      allowed: "an IPv4 network such as 10.52.0.0/16, named by its first address",
      next: "`kubectl cluster-info dump | grep -m 1 cidr` may show it.",
    })),
    {
      holds: pods === undefined || services === undefined || !overlap(pods, services),
      key: "podCidr",
      value: shown(podCidr),
      allowed: `a range that does not overlap serviceCidr, which is ${serviceCidr}`,
      next: "Give the cluster's own networks of pods and Services.",
    },
  ];
}

function listRules({ versions, workloadNodes, helmOwned }: ExistingArguments): readonly Rule[] {
  return [
    {
      holds: versions.length !== 0 && versions.every((version) => /^1\.\d{2}$/.test(version)),
      key: "versions",
      value: shown(versions),
      allowed: "minor versions such as 1.35",
      next: "List versions that all charts support.",
    },
    ...Object.entries(workloadNodes).flatMap(([key, value]) => [
      {
        holds: LABEL_KEY.test(key) && LABEL_VALUE.test(value),
        key: "workloadNodes",
        value: shown(`${key}=${value}`),
        allowed: "a valid Kubernetes label",
        next: "`kubectl get nodes --show-labels` lists the labels of nodes.",
      },
    ]),
    ...(helmOwned ?? []).flatMap(({ definition, namespace }) => [
      {
        holds: NAME.test(definition) && NAME.test(namespace),
        key: "helmOwned",
        value: shown(`${definition}=${namespace}`),
        allowed: "the names of a CustomResourceDefinition and of a namespace",
        next: "Correct it.",
      },
    ]),
  ];
}
