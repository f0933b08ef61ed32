import { overlap, parseCidr } from "../../../lib/cidr";
import { ComponentError } from "../../kit/component";
import type { ExistingArguments } from "./arguments";

/** What Kubernetes accepts as an object's name. */
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
/** A label's key, with or without the domain before it, and its value. */
const LABEL_KEY =
  /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

type Refuse = (key: string, value: unknown, allowed: string, next: string) => never;

/** What can be seen without asking the cluster; the rest is the preflight's. Pure. */
export function checkExisting(name: string, args: ExistingArguments): void {
  const refuse: Refuse = (key, value, allowed, next) => {
    throw new ComponentError(`ExistingCluster ${name}`, key, JSON.stringify(value), allowed, next);
  };
  const { context, storageClass } = args;
  if (context.trim() === "") {
    refuse(
      "context",
      context,
      "a context of the kubeconfig",
      "`kubectl config get-contexts` lists them.",
    );
  }
  if (!NAME.test(storageClass)) {
    refuse("storageClass", storageClass, "the name of an object of Kubernetes", "Correct it.");
  }
  checkNetworks(args, refuse);
  checkLists(args, refuse);
}

function checkNetworks({ podCidr, serviceCidr }: ExistingArguments, refuse: Refuse): void {
  const [pods, services] = (
    [
      ["podCidr", podCidr],
      ["serviceCidr", serviceCidr],
    ] as const
  ).map(
    ([key, text]) =>
      parseCidr(text) ??
      refuse(
        key,
        text,
        "an IPv4 network such as 10.52.0.0/16, named by its first address",
        "`kubectl cluster-info dump | grep -m 1 cidr` may tell it.",
      ),
  );
  if (pods !== undefined && services !== undefined && overlap(pods, services)) {
    refuse(
      "podCidr",
      podCidr,
      `clear of serviceCidr, which is ${serviceCidr}`,
      "Name the cluster's own two networks.",
    );
  }
}

function checkLists({ versions, workloadNodes, helmOwned }: ExistingArguments, refuse: Refuse) {
  if (versions.length === 0 || !versions.every((version) => /^1\.\d{2}$/.test(version))) {
    refuse(
      "versions",
      versions,
      "minor versions such as 1.35",
      "Name those that all charts support.",
    );
  }
  for (const [key, value] of Object.entries(workloadNodes)) {
    if (!LABEL_KEY.test(key) || !LABEL_VALUE.test(value)) {
      refuse(
        "workloadNodes",
        `${key}=${value}`,
        "a label of Kubernetes",
        "`kubectl get nodes --show-labels` lists what nodes have.",
      );
    }
  }
  for (const { definition, namespace } of helmOwned ?? []) {
    if (!NAME.test(definition) || !NAME.test(namespace)) {
      refuse(
        "helmOwned",
        `${definition}=${namespace}`,
        "the names of a definition and of a namespace",
        "Correct it.",
      );
    }
  }
}
