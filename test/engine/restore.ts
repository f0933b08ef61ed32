/**
 * `npm run test:restore STACK`: a restore into the stack itself, as docs/recovery.md writes it, with the real engine and
 * the policy pack: refused without `runstack:replace`, then the database is replaced in one `up`, and protected again in
 * the next one. The clouds are simulated: nothing is created anywhere. Ends with 77 if there is no engine.
 */
import type { Deployment } from "@pulumi/pulumi/automation";
import { typeOf } from "../../offline/urn";
import { typeKey } from "../../policies/policy";
import { STATEFUL, STATEFUL_OBJECTS } from "../../policies/pulumi/stateful";
import { SYSTEMS, type SystemId } from "../../systems";
import { up, withEngine, type Live, type Updated } from "../../rehearsal/engine/live";

const HOLD_DATA = [...STATEFUL, ...STATEFUL_OBJECTS];
const INSTANCE = "aws:rds/instance:Instance";
const DATABASES = [INSTANCE, "kubernetes:postgresql.cnpg.io/v1:Cluster"];

/** What is wrong, a sentence each. */
async function play(live: Live): Promise<readonly string[]> {
  const { stack } = live;
  const system = SYSTEMS[(await stack.getConfig("runstack:system")).value as SystemId];
  const [{ name: database } = { name: "" }] = system.databases;
  const set = (key: string, value: string) => stack.setConfig(`runstack:${key}`, { value }, true);

  const first = await up(live);
  if (first.faults.length > 0) return first.faults;
  await set(`incarnations.${database}`, "2");
  await set(`restoreFrom.${database}.incarnation`, "1");
  const refused = await up(live);
  await set("replace[0]", "postgres");
  const restored = await restoredBy(live);
  await stack.removeConfig("runstack:restoreFrom");
  await stack.removeConfig("runstack:replace");
  const again = await up(live);
  return [
    ...(refused.faults.some((fault) => fault.includes("unable to replace resource"))
      ? []
      : ["the database was replaced without runstack:replace"]),
    ...restored.faults,
    ...replacedBy(restored)
      .filter((type) => !DATABASES.includes(type) && HOLD_DATA.includes(typeKey(type)))
      .map((type) => `the restore replaced ${type}`),
    ...(replacedBy(restored).some((type) => DATABASES.includes(type))
      ? []
      : ["the restore replaced no database"]),
    ...again.faults,
    ...replacedBy(again).map((type) => `what protects it again replaced ${type}`),
    ...(await unprotected(live)).map((urn) => `not protected again: ${urn}`),
  ];
}

/** RDS deletes the old instances last, once nobody protects them any more. */
async function restoredBy(live: Live): Promise<Updated> {
  const first = await up(live);
  if (!first.faults.some((fault) => fault.includes("Cannot delete protected DB Instance"))) {
    return replacedBy(first).includes(INSTANCE)
      ? { ...first, faults: [...first.faults, "Amazon's deletion protection stopped nothing"] }
      : first;
  }
  await lift(live);
  const second = await up(live);
  return { ...second, events: [...first.events, ...second.events] };
}

/** What `aws rds modify-db-instance --no-deletion-protection` does to the instances that are replaced. */
async function lift({ stack, clouds }: Live): Promise<void> {
  const replaced = resourcesIn(await stack.exportStack()).flatMap((one) =>
    one.type === INSTANCE && one.delete === true ? [one.id] : [],
  );
  for (const held of clouds.held()) {
    if (replaced.includes(held.id)) clouds.change(held, { deletionProtection: false });
  }
}

interface Stored {
  readonly urn: string;
  readonly type: string;
  readonly protect?: boolean;
  readonly delete?: boolean;
  readonly id?: string;
}

const resourcesIn = ({ deployment }: Deployment): readonly Stored[] =>
  (deployment as { readonly resources?: readonly Stored[] }).resources ?? [];

const replacedBy = ({ events }: Updated): readonly string[] =>
  events.flatMap(({ resourcePreEvent }) =>
    resourcePreEvent?.metadata.op === "create-replacement"
      ? [typeOf(resourcePreEvent.metadata.urn)]
      : [],
  );

/** Databases that a mistake could delete. */
async function unprotected({ stack }: Live): Promise<readonly string[]> {
  return resourcesIn(await stack.exportStack())
    .filter(({ type }) => DATABASES.includes(type))
    .flatMap(({ urn, protect }) => (protect === true ? [] : [urn]));
}

void withEngine(process.argv[2] ?? "phase-5-prod", play);
