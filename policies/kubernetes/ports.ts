/** The ports on which containers listen. */
import { expectRows, isMissingOr } from "../rules";
import { elements, expectNot } from "../expect";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION } from "../policy";
import { eachContainer } from "./pods";
import type { Value } from "../values";

const SSH = 22;
const LEAST_PORT = 1024;

export const ports: readonly Policy[] = [
  {
    name: "container-port-ssh",
    title: "Containers do not expose SSH",
    clause: {
      reference: "PO-03; kube-linter ssh-port",
      url: "https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/",
    },
    severity: "high",
    themes: ["workloads", "security"],
    prevents:
      "People log in without going through the API server, its permissions and its audit log.",
    description: "No container has TCP port 22.",
    remediation:
      "Remove the SSH server from the image and the port from the container; use kubectl exec or kubectl debug, which the API server authorizes and logs.",
    enforcement: STRICT_IN_PRODUCTION,
    check: eachContainer((check, container) => {
      for (const port of elements(check, container.get("ports"))) {
        // SSH uses TCP, which is the default.
        const protocol = port.get("protocol").string ?? "TCP";
        if (protocol !== "TCP") continue;
        expectNot(check, port.get("containerPort"), SSH, "22 is the SSH port: remove it");
      }
    }),
  },
  {
    name: "container-port-unprivileged",
    coveredBy: ["container-port-ssh"],
    title: "Containers listen on unprivileged ports",
    clause: {
      reference: "PO-03; kube-linter privileged-ports",
      url: "https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service",
    },
    severity: "low",
    themes: ["workloads", "security"],
    prevents:
      "A program needs a capability, or a node setting, for a port that a Service could map.",
    description: "Every container port is 1024 or above.",
    remediation:
      "Have the program listen on a port such as 8080, and map the well-known port to it with port and targetPort of the Service.",
    enforcement: ADVICE,
    check: eachContainer((check, container) => {
      const expected = `it must be ${String(LEAST_PORT)} or more; the Service may map another port to it`;
      const isRight = ({ number = 0 }: Value): boolean => number >= LEAST_PORT;
      expectRows(check, container, { "ports[].containerPort": isMissingOr(isRight, expected) });
    }),
  },
];
