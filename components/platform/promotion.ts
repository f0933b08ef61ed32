/** How a recovery environment says that it is promoted: a name that answers with a fixed text. */
import type * as pulumi from "@pulumi/pulumi";
import { PROMOTED } from "../dns/contract";
import type { Part } from "../kit/child-factory";
import { customResource } from "../kit/custom-resource";
import { commonLabels } from "../kit/labels";
import { EXTENSION_API, GATEWAY_API } from "./gateway-api";

export interface PromotionArguments {
  readonly system: string;
  readonly namespace: string;
  /** The Gateway with the listener `http`: a health check needs no certificate. */
  readonly gateway: string;
  /** The name that answers. */
  readonly host: string;
}

export function createPromotion(
  part: Part,
  { system, namespace, gateway, host }: PromotionArguments,
  after: readonly pulumi.Resource[],
): void {
  const name = `${gateway}-promotion`;
  const metadata = { name, namespace, labels: commonLabels(system, "edge") };
  const answer = customResource(
    part.child("promotion-answer"),
    { apiVersion: EXTENSION_API, kind: ANSWER, metadata, spec: { directResponse: RESPONSE } },
    part.options({ dependsOn: [...after] }),
  );
  customResource(
    part.child("promotion"),
    { apiVersion: GATEWAY_API, kind: "HTTPRoute", metadata, spec: route(gateway, host, name) },
    part.options({ dependsOn: [...after, answer] }),
  );
}

const ANSWER = "HTTPRouteFilter";
const RESPONSE = {
  statusCode: 200,
  contentType: "text/plain",
  body: { type: "Inline", inline: PROMOTED },
};

const route = (gateway: string, host: string, name: string): Readonly<Record<string, unknown>> => ({
  parentRefs: [{ name: gateway, sectionName: "http" }],
  hostnames: [host],
  rules: [
    {
      matches: [{ path: { type: "Exact", value: "/" } }],
      filters: [
        {
          type: "ExtensionRef",
          extensionRef: { group: EXTENSION_API.split("/")[0], kind: ANSWER, name },
        },
      ],
    },
  ],
});
