/**
 * Alert routing as resources: an AlertmanagerConfig, and the Secret with the channels' credentials.
 */
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { System } from "../../systems/model";
import { customResource } from "../kit/custom-resource";
import { commonLabels } from "../kit/labels";
import type { Part } from "../kit/child-factory";
import { routing, type MutedTime } from "./routing";

/** Credentials of the runbook's channels. Without one, the channel gets no alerts. */
export interface Channels {
  /** Secret. Integration key for PagerDuty's Events API v2. */
  readonly pagerDutyRoutingKey?: pulumi.Output<string>;
  readonly slack?: {
    /** Secret. */
    readonly webhookUrl: pulumi.Output<string>;
    /** With its `#`. */
    readonly channel: string;
  };
  readonly email?: {
    readonly to: string;
    readonly from: string;
    /** `host:port` of a mail server that supports STARTTLS. */
    readonly smarthost: string;
    readonly username: string;
    /** Secret. */
    readonly password: pulumi.Output<string>;
  };
}

export interface RoutingResources {
  readonly system: System;
  readonly monitoringNamespace: string;
  readonly channels: Channels;
  readonly maintenance: boolean;
  readonly muted?: readonly MutedTime[];
  /** Whether PagerDuty is used. */
  readonly paging: boolean;
  readonly metricsReady: readonly pulumi.Resource[];
}

const SECRET = "alert-channels";
const KEY = { pagerduty: "pagerduty-routing-key", slack: "slack-webhook-url", email: "email" };

export function createRouting(part: Part, args: RoutingResources): void {
  const { system } = args;
  const channels = usedChannels(args);
  const metadata = {
    namespace: args.monitoringNamespace,
    labels: commonLabels(system.id, "routing"),
  };
  const secret = new k8s.core.v1.Secret(
    part.child("alert-channels"),
    {
      metadata: { ...metadata, name: SECRET },
      stringData: {
        ...(channels.pagerDutyRoutingKey === undefined
          ? {}
          : { [KEY.pagerduty]: channels.pagerDutyRoutingKey }),
        ...(channels.slack === undefined ? {} : { [KEY.slack]: channels.slack.webhookUrl }),
        ...(channels.email === undefined ? {} : { [KEY.email]: channels.email.password }),
      },
    },
    part.options(),
  );
  customResource(
    part.child("routing"),
    {
      apiVersion: "monitoring.coreos.com/v1alpha1",
      kind: "AlertmanagerConfig",
      metadata: { ...metadata, name: system.id },
      spec: routing({ ...args, ...references(channels) }),
    },
    part.options({ dependsOn: [secret, ...args.metricsReady] }),
  );
}

/** Without paging, PagerDuty's key is not even stored. */
function usedChannels({ channels, paging }: RoutingResources): Channels {
  const { pagerDutyRoutingKey, ...others } = channels;
  return paging && pagerDutyRoutingKey !== undefined ? { ...others, pagerDutyRoutingKey } : others;
}

function references(
  channels: Channels,
): Pick<Parameters<typeof routing>[0], "pagerduty" | "slack" | "email"> {
  const secret = (key: string) => ({ name: SECRET, key });
  const { slack, email } = channels;
  return {
    pagerduty: channels.pagerDutyRoutingKey === undefined ? undefined : secret(KEY.pagerduty),
    slack: slack === undefined ? undefined : { secret: secret(KEY.slack), channel: slack.channel },
    email:
      email === undefined
        ? undefined
        : {
            secret: secret(KEY.email),
            to: email.to,
            from: email.from,
            smarthost: email.smarthost,
            username: email.username,
          },
  };
}
