/** A change that breaks the runbook never reaches a cloud. */
import type { Scenario } from "./scenario";

export const POLICY: Scenario = {
  name: "policy",
  summary: "a mandatory violation stops the up before anything is created",
  needs: "nothing",
  leaves: "nothing",
  play: async (rehearsal) => {
    const step = await rehearsal.run(
      "up without protection",
      [
        'pulumi config set --stack "$STACK" runstack:protect false',
        'pulumi up --stack "$STACK" --policy-pack policies && code=0 || code=$?',
        'pulumi config rm --stack "$STACK" runstack:protect',
        'exit "$code"',
      ].join("\n"),
    );
    const refused = step.complaints.some((one) => one.includes("stateful-protected"));
    const made = rehearsal.clouds.held();
    return [
      ...(step.code === 0 ? ["the up succeeded"] : []),
      ...(refused ? [] : [`stateful-protected did not refuse it: ${step.complaints.join(" ")}`]),
      ...made.map(({ type, name }) => `${type} ${name} was created`),
    ];
  },
  unfit: ({ plan }) => (plan.environment === "staging" ? "staging protects nothing" : undefined),
};
