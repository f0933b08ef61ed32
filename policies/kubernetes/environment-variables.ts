/** Environment variables of containers. */
import { eachContainer } from "./pods";
import { elements, expectThat, expectAbsent } from "../expect";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION } from "../policy";
import type { Value } from "../values";

const namesAreUnique = eachContainer((check, container) => {
  const seen = new Set<string>();
  for (const variable of elements(check, container.get("env"))) {
    const name = variable.get("name");
    const isNew = ({ string }: Value): boolean => string === undefined || !seen.has(string);
    expectThat(check, name, isNew, "the variable is set twice, and the last value wins: keep one");
    if (name.string !== undefined) seen.add(name.string);
  }
});

const secretsAreFiles = eachContainer((check, container) => {
  if (!check.context.setting("required", false)) return;
  const expected = "mount the Secret as a volume, and pass the file's path to the container";
  for (const variable of elements(check, container.get("env"))) {
    expectAbsent(check, variable.get("valueFrom", "secretKeyRef"), expected);
  }
  for (const source of elements(check, container.get("envFrom"))) {
    expectAbsent(check, source.get("secretRef"), expected);
  }
});

export const environmentVariables: readonly Policy[] = [
  {
    name: "env-names-unique",
    title: "Environment variables are unique",
    clause: {
      reference:
        "PO-03; kube-linter duplicate-env-var; kube-score environment-variable-key-duplication",
      url: "https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/",
    },
    severity: "medium",
    themes: ["workloads"],
    prevents: "Someone changes the first of two values, and nothing happens.",
    description: "No container sets the same environment variable twice.",
    remediation: "Remove all but one of them from env.",
    enforcement: STRICT_IN_PRODUCTION,
    check: namesAreUnique,
  },
  {
    name: "container-secret-files",
    title: "Secrets are mounted as files",
    clause: {
      reference: "PO-03; CKV_K8S_35; kube-linter read-secret-from-env-var; CIS Kubernetes 5.4.1",
      url: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    },
    severity: "low",
    themes: ["secrets"],
    prevents: "A crash report, a log of the environment or a child process leaks the password.",
    description: "If the option required is set, no container has a Secret in its environment.",
    remediation: "Mount the Secret as a volume, and read the file in the program.",
    enforcement: ADVICE,
    configuration: {
      properties: {
        required: {
          type: "boolean",
          default: false,
          description: "Whether containers may get Secrets only as files",
        },
      },
    },
    check: secretsAreFiles,
  },
];
