/** What the stack tells everybody who may read its outputs. */
import { namedTexts, suspicion } from "../kubernetes/credentials";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION } from "../policy";

export const outputs: readonly Policy[] = [
  {
    name: "pulumi-output-not-plain",
    title: "Outputs that are secret are marked so",
    clause: {
      reference: "PO-03; ALL-07",
      url: "https://www.pulumi.com/docs/iac/concepts/secrets/#how-secrets-relate-to-outputs",
    },
    severity: "critical",
    themes: ["secrets", "program"],
    needs: "program",
    prevents: "A password is printed at the end of every update, into the log of the pipeline.",
    description: "Outputs of the stack that are secret by their name or form are marked as secret.",
    remediation:
      "Export pulumi.secret(value); what comes from a secret output stays one unless it was unwrapped.",
    enforcement: STRICT_IN_PRODUCTION,
    check: {
      kind: "stack",
      run: (stack, context) => {
        for (const { props, urn } of stack.of("pulumi:pulumi:Stack")) {
          for (const { value, name, text } of namedTexts(props)) {
            const what = suspicion(name, text);
            if (what === undefined || value.isSecret) continue;
            // The value itself is what must not be shown.
            context.report(
              `The stack's output ${value.path} holds ${what} in plain text; export it as pulumi.secret(…).`,
              urn,
            );
          }
        }
      },
    },
  },
];
