import { describeRules } from "./fixtures/describe-rules";
import { FINDING_RULES } from "./findings";

const founded = {
  rule: "finding-founded",
  path: "findings[SH-F1].realised",
  message:
    'What realises the finding "SH-F1" is not named, but must be one or more of resource, absent, alert, policy, setting, document or value: name it, or write in `open` what is missing.',
};

describeRules(FINDING_RULES, [
  { ...founded, broken: "a finding that names nothing", change: { "findings.0.open": undefined } },
  {
    ...founded,
    broken: "an empty list",
    change: { "findings.0.open": "", "findings.0.realised": [] },
  },
  {
    ...founded,
    broken: "an entry that names nothing",
    change: { "findings.0.realised": [{ name: "x" }] },
  },
  {
    ...founded,
    broken: "an entry that names two things",
    change: { "findings.0.realised": [{ alert: "A", policy: "p" }] },
  },
  {
    ...founded,
    broken: "an entry of an unknown kind",
    change: { "findings.0.realised": [{ ticket: "42" }] },
  },
  {
    rule: "finding-value-known",
    broken: "a value that the system does not have",
    change: { "findings.0.realised": [{ value: "edge.doman" }] },
    path: "findings[SH-F1].realised",
    message:
      'The value that realises the finding "SH-F1" is "edge.doman", but must be the path of a value of the system: correct the path, as in services[api].health.path.',
  },
]);
