/** The sections of a difference, in order and in words. Each renderer formats them. */
import type { Difference } from "./difference";
import type { Section } from "./section";
import { resourceSections } from "./sections-resources";
import { policies } from "./sections-policies";
import { estimates, order, placement, warnings } from "./sections-stacks";

/** The sections with entries. */
export const sections = ({ changed }: Difference): readonly Section[] =>
  [
    placement(changed),
    ...resourceSections(changed),
    policies(changed),
    estimates(changed),
    warnings(changed),
    order(changed),
  ].filter(({ entries }) => entries.length > 0);
