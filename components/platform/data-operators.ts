import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";
import { Component, type ComponentOptions } from "../kit/component";
import { CloudNativePgOperator } from "./cloud-native-pg";
import type { Namespace } from "../kit/namespace";
import type { OperatorArguments } from "./operators";
import { StrimziOperator } from "./strimzi";

export interface DataOperatorsArguments extends OperatorArguments {
  readonly settings: Pick<Settings, "system">;
  /** The namespaces of the data services themselves. */
  readonly application: Namespace;
  /** Issues certificates. */
  readonly certManager: pulumi.Resource;
}

/** The operators of data services in the cluster; none if all of them run elsewhere. */
export class DataOperators extends Component {
  readonly kafka: StrimziOperator | undefined;
  readonly cloudNativePg: CloudNativePgOperator | undefined;

  constructor(name: string, args: DataOperatorsArguments, options: ComponentOptions) {
    const { system } = args.settings;
    super("platform:DataOperators", name, { system: system.id }, options);
    const inCluster = (elements: readonly { readonly runs: string }[]) =>
      elements.some(({ runs }) => runs === "operator");
    this.kafka = inCluster(system.eventBuses)
      ? new StrimziOperator(
          this.child("strimzi"),
          { ...args, watchNamespaces: [args.application.namespace] },
          { parent: this, dependsOn: [...args.application.ready] },
        )
      : undefined;
    this.cloudNativePg = inCluster(system.databases)
      ? new CloudNativePgOperator(this.child("cloud-native-pg"), args, { parent: this })
      : undefined;
    this.publish();
  }
}
