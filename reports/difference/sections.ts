/** What a difference says, in order and in words; how it looks is up to who writes it out. */
import type { Difference } from "./difference";
import type { Section } from "./section";
import { resourceSections } from "./sections-resources";
import { policies } from "./sections-policies";
import { estimates, order, placement, warnings } from "./sections-stacks";

/** Those that say something. */
export const sections = ({ changed }: Difference): readonly Section[] =>
  [
    placement(changed),
    ...resourceSections(changed),
    policies(changed),
    estimates(changed),
    warnings(changed),
    order(changed),
  ].filter(({ entries }) => entries.length > 0);
