/** Stack outputs, which everyone with access to the stack can read. */
import { namedTexts, suspicion } from "../kubernetes/credentials";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION } from "../policy";

export const outputs: readonly Policy[] = [
  {
    name: "pulumi-output-not-plain",
    title: "Secret outputs are marked as secret",
    clause: {
      reference: "PO-03; ALL-07",
      url: "https://www.pulumi.com/docs/iac/concepts/secrets/#how-secrets-relate-to-outputs",
    },
    severity: "critical",
    themes: ["secrets", "program"],
    needs: "program",
    prevents: "A password is printed at the end of every update, in the pipeline's log.",
    description: "Stack outputs that look like secrets, by name or format, are marked as secret.",
    remediation:
      "Export pulumi.secret(value); a value from a secret output stays secret unless it was unwrapped.",
    enforcement: STRICT_IN_PRODUCTION,
    check: {
      kind: "stack",
      run: (stack, context) => {
        for (const { props, urn } of stack.of("pulumi:pulumi:Stack")) {
          for (const { value, name, text } of namedTexts(props)) {
            const what = suspicion(name, text);
            if (what === undefined || value.isSecret) continue;
            // The value itself must not be shown.
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
