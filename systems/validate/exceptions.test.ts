import { EXCEPTION_RULES } from "./exceptions";
import { describeRules } from "./fixtures/describe-rules";

describeRules(EXCEPTION_RULES, [
  {
    rule: "exception-founded",
    broken: "an exception without a finding",
    change: { "exceptions.0.finding": "SH-F9" },
    path: "exceptions[workload-replicated/search].finding",
    message:
      'The finding behind the exception from "workload-replicated" is "SH-F9", but must be "SH-F1": correct the id or write the finding.',
  },
  {
    rule: "exception-known",
    broken: "an exception for something that is not declared",
    change: { "exceptions.0.of": "ledger" },
    path: "exceptions[workload-replicated/ledger].of",
    message:
      'What is excepted from "workload-replicated" is "ledger", but must be "baskets", "configuration", "events", "mailer", "namespace", "orders", "search", "shop-backups", "store" or "system": correct the name or declare it.',
  },
]);
