/** Dapr's Kafka brokers: as which consumer group an application reads, and which topics it may subscribe to. */
import type { Stack, StackResource } from "../policy";
import type { Value } from "../values";
import { inCluster, namespaceOf } from "./objects";

const COMPONENT = "kubernetes:dapr.io:Component";
const SUBSCRIPTION = "kubernetes:dapr.io:Subscription";

/** A component that an application subscribes through. */
export interface Consumer {
  readonly component: StackResource;
  /** Undefined while it is not known before the sidecar starts. */
  readonly group: string | undefined;
  /** The topics to which the application may subscribe; undefined for any. */
  readonly topics: readonly string[] | undefined;
  /** Topics that it may not subscribe to, because they are protected and it has no scope. */
  readonly refused: readonly string[];
}

export const isKafka = ({ props }: StackResource): boolean =>
  props.get("spec", "type").string === "pubsub.kafka";

/** A setting of a component; Dapr ignores the case of its name. */
export function settingOf({ props }: StackResource, name: string): Value {
  const list = props.get("spec", "metadata");
  const found = list
    .list()
    .find((item) => item.get("name").string?.toLowerCase() === name.toLowerCase());
  if (found === undefined) return list.get(name);
  const [value, ...elsewhere] = ["value", "secretKeyRef", "envRef"].map((key) => found.get(key));
  return value?.isMissing === true
    ? (elsewhere.find(({ isMissing }) => !isMissing) ?? value)
    : (value ?? found);
}

/**
 * `consumerGroup`, otherwise `consumerID`, whose default is the app ID (dapr: pkg/runtime/processor/pubsub;
 * components-contrib: common/component/kafka/metadata.go).
 */
function groupOf(component: StackResource, app: string): string | undefined {
  const written = ["consumerGroup", "consumerID"]
    .map((name) => settingOf(component, name))
    .find(({ isMissing, string }) => !isMissing && string !== "");
  if (written === undefined) return app;
  const namespace = namespaceOf(component) ?? "{";
  const group = written.string?.replace("{namespace}", namespace).replace("{appID}", app);
  // The name of the pod, or a random one.
  return group?.includes("{") === true ? undefined : group;
}

/** `a,b` in a list of topics; in scopes also those of each application, `app=a,b;other=c`. */
export const topicsListed = (text: string): readonly string[] =>
  text.split(";").flatMap((scope) => listed(scope.split("=").at(-1) ?? ""));

const listed = (text: string): readonly string[] =>
  text
    .split(",")
    .map((topic) => topic.trim())
    .filter((topic) => topic !== "");

/**
 * All limits count: the list of all applications, the application's own, and for protected topics that it has one.
 * https://docs.dapr.io/developing-applications/building-blocks/pubsub/pubsub-scopes/
 */
function topicsOf(component: StackResource, app: string): Pick<Consumer, "topics" | "refused"> {
  const allowed = listed(settingOf(component, "allowedTopics").string ?? "");
  const scopes = settingOf(component, "subscriptionScopes");
  const own = scopes.string?.split(";").find((scope) => scope.split("=")[0]?.trim() === app);
  if (own !== undefined) {
    const topics = listed(own.split("=")[1] ?? "");
    const both = allowed.length === 0 ? topics : topics.filter((topic) => allowed.includes(topic));
    return { topics: both, refused: [] };
  }
  // Scopes that are not known may have one for it.
  const isOpen = !scopes.isMissing && scopes.string === undefined;
  const refused = isOpen ? [] : listed(settingOf(component, "protectedTopics").string ?? "");
  const topics = allowed.filter((topic) => !refused.includes(topic));
  return { topics: allowed.length === 0 ? undefined : topics, refused };
}

/** The applications that subscribe through a component: those of its scopes for subscriptions, and of Subscriptions. */
export function subscribersOf(stack: Stack, component: StackResource): readonly string[] {
  const scopes = settingOf(component, "subscriptionScopes").string ?? "";
  const scoped = scopes
    .split(";")
    .filter((scope) => topicsListed(scope).length > 0)
    .map((scope) => scope.split("=")[0]?.trim() ?? "");
  const name = component.props.get("metadata", "name").string;
  const declared = stack
    .of(SUBSCRIPTION)
    .filter(
      (it) =>
        it.props.get("spec", "pubsubname").string === name &&
        inCluster(it, namespaceOf(it) ?? "") === inCluster(component, namespaceOf(component) ?? ""),
    )
    .flatMap((it) => it.props.get("scopes").list())
    .flatMap(({ string }) => string ?? []);
  return [...new Set([...scoped, ...declared])];
}

/** What an application in the namespace of `near` reads from Kafka with. */
export function consumersOf(stack: Stack, near: StackResource, app: string): readonly Consumer[] {
  return stack
    .of(COMPONENT)
    .filter((component) => isKafka(component) && isFor(component, near, app))
    .map((component) => ({
      component,
      group: groupOf(component, app),
      ...topicsOf(component, app),
    }));
}

function isFor(component: StackResource, near: StackResource, app: string): boolean {
  const [place, own] = [component, near].map((it) => inCluster(it, namespaceOf(it) ?? ""));
  const scopes = component.props.get("scopes").list();
  return place === own && (scopes.length === 0 || scopes.some(({ string }) => string === app));
}
