/** The policies about exemptions: form, expiry, use and coverage. */
import { EXEMPTIONS_KEY } from "./exemptions";
import type { CheckContext, Policy, Stack } from "./policy";
import { ADVICE, STRICT_IN_PRODUCTION } from "./policy";

export const exemptionValid: Policy = {
  name: "exemption-valid",
  title: "Exemptions are complete and in force",
  clause: { reference: "PO-04" },
  severity: "high",
  themes: ["governance"],
  prevents: "A forgotten exemption leaves a risk open indefinitely.",
  description:
    "Every policy exemption names a policy, a resource of the stack, a reason, an owner and a date that has not passed, and built-in exceptions cover only what they were made for.",
  remediation: `Correct, renew or remove the entry of ${EXEMPTIONS_KEY} in the stack's configuration file; for a built-in exception, follow the message.`,
  enforcement: STRICT_IN_PRODUCTION,
  check: {
    kind: "stack",
    run: (stack, context) => {
      const urns = stack.resources.map((resource) => resource.urn);
      for (const message of context.pack.exemptions.faults(context.pack.names, urns)) {
        context.report(message);
      }
      reportExceptions(stack, context);
    },
  },
};

/** A component's exception must not cover anything else. */
function reportExceptions(stack: Stack, context: CheckContext): void {
  for (const { covers, faults } of context.pack.exemptions.exceptions) {
    if (faults === undefined) continue;
    for (const resource of stack.resources.filter(({ urn }) => covers(urn))) {
      for (const message of faults(resource, stack, context)) context.report(message, resource.urn);
    }
  }
}

/** How many days before it expires an exemption is reported. */
const NOTICE_DAYS = 30;

export const exemptionExpiring: Policy = {
  name: "exemption-expiring",
  title: "Exemptions are renewed in time",
  clause: { reference: "PO-04" },
  severity: "low",
  themes: ["governance"],
  prevents:
    "The day after an exemption expires, it blocks an update, or a rebuild after a disaster.",
  description: "No active policy exemption expires within the number of days in the option.",
  remediation: `Fix the resource and remove the entry of ${EXEMPTIONS_KEY}, or have it renewed with a new date.`,
  enforcement: ADVICE,
  configuration: {
    properties: {
      days: {
        type: "integer",
        minimum: 0,
        default: NOTICE_DAYS,
        description: "How many days before it expires an exemption is reported",
      },
    },
  },
  check: {
    kind: "stack",
    run: (stack, context) => {
      const { exemptions, names } = context.pack;
      const days = context.setting("days", NOTICE_DAYS);
      const urns = stack.resources.map(({ urn }) => urn);
      for (const message of exemptions.ending(days, names, urns)) context.report(message);
    },
  },
};

/** Must come after every policy that can be exempt, and before `unknown`. */
export const exemptionNeeded: Policy = {
  name: "exemption-needed",
  title: "Exemptions cover a violation",
  clause: { reference: "PO-04" },
  severity: "low",
  themes: ["governance"],
  prevents: "A resource that was fixed long ago can break again without anyone noticing.",
  description: "Every active policy exemption covers at least one violation in the stack.",
  remediation: `Remove the entry of ${EXEMPTIONS_KEY} from the stack's configuration file.`,
  enforcement: ADVICE,
  check: {
    kind: "stack",
    run: (stack, context) => {
      const { exemptions, names, unknown: unknownValues, undecided } = context.pack;
      const urns = stack.resources.map(({ urn }) => urn);
      const isOpen = (policy: string): boolean =>
        unknownValues.has(policy) || undecided.has(policy);
      for (const message of exemptions.unneeded(isOpen, names, urns)) {
        context.report(message);
      }
    },
  },
};

/** Must come after every policy that can be exempt. */
export const exempted: Policy = {
  name: "exempted",
  title: "Exempt violations are listed",
  clause: { reference: "PO-04" },
  severity: "low",
  themes: ["governance"],
  prevents: "A plan with exempted violations looks like one without any.",
  description:
    "A preview shows how many violations each exemption and each built-in exception covers, and why.",
  remediation: `Nothing for built-in exceptions; otherwise fix the resources, then remove their entries of ${EXEMPTIONS_KEY}.`,
  enforcement: ADVICE,
  check: {
    kind: "stack",
    run: (_, context) => {
      for (const { of, size } of context.pack.exempted.take()?.counts ?? []) {
        context.report(
          `${size === 1 ? "1 violation is" : `${size} violations are`} exempt from ${of}.`,
        );
      }
    },
  },
};
