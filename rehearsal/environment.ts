/** What the commands of a rehearsal find in their environment, and on their PATH before everything else. */
import { chmodSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { environment } from "../offline/runner";
import type { System } from "../systems/model";
import type { Clouds } from "./contract";
import { writeClouds, writeLanguageHost } from "./engine/plugins";
import type { Binaries } from "./tools/binaries";

export interface Surroundings {
  /** The folder of the rehearsal, in which `copyProject` has put the project. */
  readonly root: string;
  readonly kubeconfig: string;
  readonly stack: string;
  readonly system: System;
  readonly namespace: string;
  readonly clouds: Clouds;
  readonly binaries: Binaries;
}

/** No credential and no setting of the person who rehearses gets in. */
export function environmentOf(given: Surroundings): NodeJS.ProcessEnv {
  const { root, stack, system, binaries } = given;
  const bin = join(root, "bin");
  writeLanguageHost(bin);
  writeClouds(bin);
  link(binaries.kubernetesProvider, join(bin, "pulumi-resource-kubernetes"));
  link(binaries.kubectl, join(bin, "kubectl"));
  writePulumi(bin, binaries.pulumi);
  return {
    ...environment(),
    ...given.clouds.environment,
    PATH: [bin, process.env["PATH"] ?? ""].join(delimiter),
    HOME: root,
    KUBECONFIG: given.kubeconfig,
    PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "nothing to protect",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Without it, the engine does not know `--event-log`.
    PULUMI_DEBUG_COMMANDS: "true",
    // What the documents call what differs from system to system.
    STACK: stack,
    NAMESPACE: given.namespace,
    BACKUP: system.backups.find(({ method }) => method === "dump")?.name,
  };
}

/** The engine, with a log of its events for each run, and with nobody who could confirm anything. */
function writePulumi(bin: string, pulumi: string): void {
  const file = join(bin, "pulumi");
  const lines = [
    "#!/bin/sh",
    "yes=--yes",
    'for word in "$@"; do',
    '  case "$word" in --preview-only | --yes) yes= ;; esac',
    "done",
    'case "$1" in',
    `  preview) exec '${pulumi}' "$@" --event-log "$RUNSTACK_EVENTS/$$" ;;`,
    `  up | refresh | destroy) exec '${pulumi}' "$@" $yes --event-log "$RUNSTACK_EVENTS/$$" ;;`,
    `  *) exec '${pulumi}' "$@" ;;`,
    "esac",
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  chmodSync(file, 0o755);
}

const link = (target: string, path: string): void => {
  symlinkSync(target, path);
};
