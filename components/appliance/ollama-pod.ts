import type * as k8s from "@pulumi/kubernetes";
import { gib, millicores, mib } from "../../systems/units";
import { IMAGES } from "../../versions";
import { containerResources } from "../kit/labels";
import { restrictedContainer, restrictedPod } from "../kit/security";
import { HOME, objectName, PORT, RESOURCES, type OllamaArguments } from "./ollama-arguments";

type Container = k8s.types.input.core.v1.Container;
type PodSpec = k8s.types.input.core.v1.PodSpec;

/** Label of every pod that mounts the volume. */
export const volumeLabel = (args: OllamaArguments) => ({
  "runstack.dev/volume": objectName(args),
});

/**
 * Keeps the server and the job that pulls models on the one node where the volume is attached. The
 * first pod matches its own rule, so it can start; the next one follows it.
 */
function sharedPod(args: OllamaArguments, container: Container): PodSpec {
  const { nodes } = args;
  return {
    serviceAccountName: objectName(args),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(),
    ...(Object.keys(nodes).length === 0 ? {} : { nodeSelector: { ...nodes } }),
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            topologyKey: "kubernetes.io/hostname",
            labelSelector: { matchLabels: volumeLabel(args) },
          },
        ],
      },
    },
    containers: [container],
    volumes: [
      { name: "home", persistentVolumeClaim: { claimName: objectName(args) } },
      { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
    ],
  };
}

/** The image defines no user, and Ollama finds its home directory from the environment. */
function sharedContainer(name: string, listen: string): Container {
  return {
    name,
    image: IMAGES.ollama,
    imagePullPolicy: "IfNotPresent",
    env: [
      { name: "HOME", value: HOME },
      { name: "OLLAMA_HOST", value: `${listen}:${String(PORT)}` },
      { name: "OLLAMA_MODELS", value: `${HOME}/models` },
      // Otherwise a starting server would remove what the other pod is downloading.
      { name: "OLLAMA_NOPRUNE", value: "1" },
    ],
    securityContext: restrictedContainer(),
    volumeMounts: [
      { name: "home", mountPath: HOME },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

export function serverPod(args: OllamaArguments): PodSpec {
  const probe = { httpGet: { path: "/", port: "http" }, timeoutSeconds: 5 };
  return sharedPod(args, {
    ...sharedContainer("ollama", "0.0.0.0"),
    args: ["serve"],
    ports: [{ name: "http", containerPort: PORT, protocol: "TCP" }],
    startupProbe: { ...probe, periodSeconds: 5, failureThreshold: 60 },
    readinessProbe: { ...probe, periodSeconds: 10, failureThreshold: 3 },
    // A busy server answers late; only one that does not answer at all is restarted.
    livenessProbe: { ...probe, periodSeconds: 20, failureThreshold: 6 },
    resources: containerResources(RESOURCES),
  });
}

/** Only a server can pull models; this one serves nobody else and stops when they are there. */
export const FETCH_SCRIPT = `set -eu
ollama serve >/tmp/serve.log 2>&1 &
server=$!
tries=0
until ollama list >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -gt 60 ]; then
    echo "Ollama does not start" >&2
    cat /tmp/serve.log >&2
    exit 1
  fi
  sleep 1
done
for model in $MODELS; do
  ollama pull "$model"
done
kill "$server"
`;

export function fetchPod(args: OllamaArguments, models: readonly string[]): PodSpec {
  const container = sharedContainer("fetch", "127.0.0.1");
  return {
    ...sharedPod(args, {
      ...container,
      command: ["/bin/sh", "-c", FETCH_SCRIPT],
      env: [
        ...(container.env as k8s.types.input.core.v1.EnvVar[]),
        { name: "MODELS", value: models.join(" ") },
      ],
      resources: containerResources({
        requests: { cpu: millicores(200), memory: mib(256) },
        limits: { memory: gib(1) },
      }),
    }),
    restartPolicy: "Never",
  };
}
