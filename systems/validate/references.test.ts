import { REFERENCE_RULES } from "./references";
import { copyOf, describeRules } from "./fixtures/describe-rules";

describeRules(REFERENCE_RULES, [
  {
    rule: "service-known",
    broken: "a call to an unknown service",
    change: { "services.1.calls": ["stroe"] },
    path: "services[mailer].calls",
    message:
      'The service that service "mailer" calls is "stroe", but must be "mailer" or "store": correct the name or describe the service.',
  },
  {
    rule: "service-known",
    broken: "an invoker that is not a service",
    change: { "services.0.dapr.invokedBy": ["clerk"] },
    path: "services[store].dapr.invokedBy",
    message:
      'The service that may invoke service "store" is "clerk", but must be "mailer" or "store": correct the name or describe the service.',
  },
  {
    rule: "service-known",
    broken: "a variable with the URL of an unknown service",
    change: { "services.1.environment.0.from.service": "stock" },
    path: "services[mailer].environment[STORE_URL]",
    message:
      'The service behind variable "STORE_URL" of service "mailer" is "stock", but must be "mailer" or "store": correct the name or describe the service.',
  },
  {
    rule: "service-known",
    broken: "a publisher that is not a service",
    change: { "eventBuses.0.topics.0.publishers": ["till"] },
    path: "topics[sold].publishers",
    message:
      'The publisher of topic "sold" is "till", but must be "mailer" or "store": correct the name or describe the service.',
  },
  {
    rule: "service-known",
    broken: "a consumer that is not a service",
    change: { "eventBuses.0.topics.0.consumers.1": { service: "robot", group: "robots" } },
    path: "topics[sold].consumers",
    message:
      'The consumer of topic "sold" is "robot", but must be "mailer" or "store": correct the name or describe the service.',
  },
  {
    rule: "service-known",
    broken: "a cache opened to an unknown service",
    change: { "caches.0.throughDapr": ["guest"] },
    path: "caches[baskets].throughDapr",
    message:
      'The service that reaches cache "baskets" is "guest", but must be "mailer" or "store": correct the name or describe the service.',
  },
  {
    rule: "service-known",
    broken: "an objective of an unknown service",
    change: { "slos.1.services": ["shelf"] },
    path: "slos[latency].services",
    message:
      'The service of objective "latency" is "shelf", but must be "mailer" or "store": correct the name or describe the service.',
  },
  {
    rule: "service-known",
    broken: "an alert of an unknown service",
    change: { "alerts.0.service": "shelf" },
    path: "alerts[ErrorsHigh/warning].service",
    message:
      'The service of alert "ErrorsHigh" is "shelf", but must be "mailer" or "store": correct the name or describe the service.',
  },
  {
    rule: "service-known",
    broken: "a route to an unknown service",
    change: { "edge.hosts.0.routes.0.service": "door" },
    path: "edge.hosts[{domain}].routes[/]",
    message:
      'The service behind {domain}/ is "door", but must be "mailer" or "store": correct the name or describe the service.',
  },
  {
    rule: "service-known",
    broken: "a validation of an unknown service",
    change: { "validations.0.requests.0.service": "door" },
    path: "validations[smoke].requests",
    message:
      'The service that validation "smoke" asks is "door", but must be "mailer" or "store": correct the name or describe the service.',
  },
  {
    rule: "store-known",
    broken: "a store that is not declared",
    change: { "services.1.uses": ["ledger"] },
    path: "services[mailer].uses",
    message:
      'The store that service "mailer" uses is "ledger", but must be "baskets", "events", "orders", "search" or "shop-backups": correct the name or declare the store.',
  },
  {
    rule: "store-known",
    broken: "a key from a store that is not declared",
    change: { "secrets.0.keys.0.source.from": "ledger" },
    path: "secrets[shop-secrets].keys[url].source",
    message:
      'The store that key "url" of secret "shop-secrets" comes from is "ledger", but must be "baskets", "events", "orders", "search" or "shop-backups": correct the name or declare the store.',
  },
  {
    rule: "secret-declared",
    broken: "a variable from a key that is not declared",
    change: { "services.0.environment.0.from.key": "uri" },
    path: "services[store].environment[DATABASE_URL]",
    message:
      'The secret key of variable "DATABASE_URL" of service "store" is "shop-secrets/uri", but must be "shop-secrets/url": correct the key or declare it in the secret.',
  },
  {
    rule: "secret-declared",
    broken: "a database whose URL is not in a secret",
    change: { "databases.0.url.secret": "orders" },
    path: "databases[orders].url",
    message:
      'The secret key of the URL of database "orders" is "orders/url", but must be "shop-secrets/url": correct the key or declare it in the secret.',
  },
  {
    rule: "secret-declared",
    broken: "an appliance whose key is not in a secret",
    change: { "appliances.0.apiKey": { secret: "search", key: "key" } },
    path: "appliances[search].apiKey",
    message:
      'The secret key of appliance "search" is "search/key", but must be "shop-secrets/url": correct the key or declare it in the secret.',
  },
  {
    rule: "secret-used",
    broken: "an unused key",
    change: { "secrets.0.keys.1": { ...copyOf("secrets.0.keys.0"), key: "spare" } },
    path: "secrets[shop-secrets].keys[spare]",
    message:
      'The key "spare" of secret "shop-secrets" is unused, but must be read by a variable, a database or an appliance: give it to the service that needs it or remove it.',
  },
  {
    rule: "topic-known",
    broken: "a validation of an unknown topic",
    change: { "validations.0.events": ["bought"] },
    path: "validations[smoke].events",
    message:
      'The topic that validation "smoke" tries is "bought", but must be "sold": correct the name or declare the topic.',
  },
  {
    rule: "unique",
    broken: "two variables with the same name",
    change: { "services.1.environment.1": copyOf("services.1.environment.0") },
    path: "services[mailer].environment",
    message:
      'The name "STORE_URL" among the variables of service "mailer" is declared twice, but must be unique: rename or remove one.',
  },
  {
    rule: "unique",
    broken: "two alerts with the same name and severity",
    change: { "alerts.3": copyOf("alerts.2") },
    path: "alerts",
    message:
      'The name "BackupTooOld/critical" among alerts of one severity is declared twice, but must be unique: rename or remove one.',
  },
  {
    rule: "unique",
    broken: "two services with one Dapr app id",
    change: { "services.1.dapr": { ...copyOf("services.0.dapr"), invokedBy: [] } },
    path: "services.dapr.appId",
    message:
      'The name "store" among Dapr app ids is declared twice, but must be unique: rename or remove one.',
  },
  {
    rule: "unique",
    broken: "two findings with the same id",
    change: { "findings.1": copyOf("findings.0") },
    path: "findings",
    message:
      'The name "SH-F1" among findings is declared twice, but must be unique: rename or remove one.',
  },
  {
    rule: "unique",
    broken: "two hosts with the same name",
    change: { "edge.hosts.3": copyOf("edge.hosts.0") },
    path: "edge.hosts",
    message:
      'The name "{domain}/every environment" among hosts of one environment is declared twice, but must be unique: rename or remove one.',
  },
]);
