/** The simulated clouds as one world, which remembers what was created and refuses what the real ones refuse. */
import { createHash } from "node:crypto";
import type { Access, Clusters, Held } from "../contract";
import { nameOf, typeOf } from "../../offline/urn";
import type { WireObject } from "../../offline/wire";
import { AWS } from "./aws/aws";
import type { Cloud, Place, Remains } from "./cloud";
import { DIGITALOCEAN } from "./digitalocean/digitalocean";
import { GCP } from "./gcp/gcp";
import { completed, create } from "./outputs";
import type { Request, Rule, Sight } from "./rule";
import type { Store } from "./store";
import { isCalled, plain, textsAt, type Thing } from "./thing";

const CLOUDS: Readonly<Record<string, Cloud>> = {
  aws: AWS,
  digitalocean: DIGITALOCEAN,
  gcp: GCP,
};
const DAY_MS = 86_400_000;
/** Later than any clock shows, and a number in JSON. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** What a plugin passes on. */
export interface Call {
  readonly urn: string;
  readonly place: Place;
  /** Of what exists. */
  readonly id: string;
  readonly inputs: WireObject;
}

export type Answer = Pick<Thing, "id" | "inputs" | "outputs">;
const ABSENT: Answer = { id: "", inputs: {}, outputs: {} };

interface Options {
  readonly clusters?: Clusters;
  readonly now: () => number;
}

export class World implements Sight {
  constructor(
    private readonly store: Store,
    private readonly options: Options,
  ) {}

  get things(): readonly Thing[] {
    return this.store.now.things;
  }

  of(types: readonly string[]): readonly Thing[] {
    return this.things.filter(({ type }) => types.includes(type));
  }

  isReserved(type: string, name: string, region: string): boolean {
    return this.store.now.reservations.some(
      (one) =>
        one.type === type &&
        one.name === name &&
        (one.region === "" || region === "" || one.region === region) &&
        one.until > this.options.now(),
    );
  }

  objectsIn(bucket: string): number {
    return this.store.now.objects[bucket]?.length ?? 0;
  }

  /**
   * Creates at once: nobody else gets the name while a cluster starts.
   *
   * @throws Error with the answer of the cloud's API, if it refuses
   */
  accept(call: Call): Thing {
    const cloud = cloudOf(typeOf(call.urn));
    const request = this.requested(cloud, call);
    this.refuse(cloud, "create", request);
    const thing = this.made(cloud, call, request.region);
    this.store.change({ things: [...this.things, thing], created: this.store.now.created + 1 });
    return thing;
  }

  async create(call: Call): Promise<Answer> {
    const thing = this.accept(call);
    const outputsOf = cloudOf(thing.type).clusters[thing.type];
    if (outputsOf === undefined || this.options.clusters === undefined) return thing;
    const access = await this.options.clusters.created(thing.id);
    const ready = { ...thing, outputs: completed(thing.outputs, outputsOf(...endsOf(access))) };
    const things = this.things.map((one) => (one === thing ? ready : one));
    this.store.change({ things, access: { ...this.store.now.access, [thing.id]: access } });
    return ready;
  }

  read(call: Call): Answer {
    const cloud = cloudOf(typeOf(call.urn));
    this.reach(cloud, typeOf(call.urn), this.requested(cloud, call).region);
    return this.find(call) ?? ABSENT;
  }

  update(call: Call): Answer {
    const cloud = cloudOf(typeOf(call.urn));
    const request = this.requested(cloud, call);
    this.refuse(cloud, "update", request);
    if (request.thing === undefined) throw new Error(`NotFound: ${call.id} does not exist`);
    return this.amend(this.find(call) ?? request.thing, call.inputs);
  }

  async delete(call: Call): Promise<void> {
    const type = typeOf(call.urn);
    const cloud = cloudOf(type);
    const request = this.requested(cloud, call);
    this.refuse(cloud, "delete", request);
    // Providers take what does not exist for deleted.
    if (request.thing === undefined) return;
    const remains = cloud.remains(request.thing);
    if (remains.stays === true) return;
    this.leave(request.thing, remains);
    if (type in cloud.clusters) await this.options.clusters?.deleted(request.thing.id);
  }

  /** They are gone, and so is what is a part of them. */
  drop(gone: readonly Held[]): void {
    if (gone.length === 0) return;
    const left = this.things.filter((one) => !gone.some((other) => isSame(one, other)));
    const parts = left.filter((one) => {
      const owner = this.ownerOf(one.type, one.inputs);
      return owner !== undefined && gone.some((other) => isSame(owner, other));
    });
    const emptied = gone.filter(({ type }) => cloudOf(type).buckets.includes(type));
    const objects = Object.entries(this.store.now.objects).filter(
      ([bucket]) => !emptied.some(({ name }) => name === bucket),
    );
    this.store.change({ things: left, objects: Object.fromEntries(objects) });
    this.drop(parts);
  }

  /** New inputs of what exists. What only the cloud knows stays. */
  amend(thing: Held, inputs: WireObject): Thing {
    const old = this.things.find((one) => isSame(one, thing));
    if (old === undefined) throw new Error(`NotFound: ${thing.id} does not exist`);
    const amended = { ...old, inputs, outputs: completed(old.outputs, inputs) };
    this.store.change({ things: this.things.map((one) => (one === old ? amended : one)) });
    return amended;
  }

  /** Everything in the region is gone, and whoever asks for it is refused. What it was called stays taken. */
  async lose(region: string): Promise<void> {
    const gone = this.things.filter((one) => one.region === region);
    const { lost, reservations } = this.store.now;
    const taken = gone.filter(({ type }) => cloudOf(type).buckets.includes(type));
    const names = taken.map(({ type, name }) => ({ type, name, region: "", until: NEVER }));
    this.store.change({ lost: [...lost, region], reservations: [...reservations, ...names] });
    this.drop(gone);
    for (const { type, id } of gone) {
      if (type in cloudOf(type).clusters) await this.options.clusters?.deleted(id);
    }
  }

  put(bucket: string, key: string): void {
    const { objects } = this.store.now;
    this.store.change({ objects: { ...objects, [bucket]: [...(objects[bucket] ?? []), key] } });
  }

  /** Whether anything has the id. */
  holds(id: string): boolean {
    return this.things.some((one) => one.id === id);
  }

  /** For a cluster, by its id, name or address. */
  tokenOf(cluster: string): string {
    const { access } = this.store.now;
    const found = this.things.find(
      (one) => one.id in access && (isCalled(one, cluster) || access[one.id]?.server === cluster),
    );
    const token = access[found?.id ?? ""]?.token;
    if (token === undefined)
      throw new Error(`ResourceNotFoundException: No cluster found for name: ${cluster}.`);
    return token;
  }

  private leave(thing: Thing, { reserved = 0, reservation = thing, leaves }: Remains): void {
    this.drop([thing]);
    const { type, name, region } = reservation;
    const until = this.options.now() + reserved * DAY_MS;
    const { reservations } = this.store.now;
    this.store.change({
      things: leaves === undefined ? this.things : [...this.things, leaves],
      reservations: reserved > 0 ? [...reservations, { type, name, region, until }] : reservations,
    });
  }

  /** The thing that a resource stands for: by its id, among those of its type. */
  find({ urn, id }: Pick<Call, "urn" | "id">): Thing | undefined {
    const same = this.of([typeOf(urn)]).filter((one) => one.id === id);
    return same.find((one) => one.urn === urn) ?? same[0];
  }

  private requested(cloud: Cloud, call: Call): Request {
    const type = typeOf(call.urn);
    const thing = call.id === "" ? undefined : this.find(call);
    const inputs = plain(call.inputs) as WireObject;
    const region = thing?.region ?? this.regionOf(cloud, type, inputs, call.place);
    return { type, region, inputs, ...(thing && { thing: plainly(thing) }) };
  }

  private regionOf(cloud: Cloud, type: string, inputs: WireObject, place: Place): string {
    if (cloud.global.test(type)) return "";
    // At Google, a zone is a location too.
    const own = [...textsAt(inputs, "region"), ...textsAt(inputs, "location")][0];
    return own?.replace(/-[a-z]$/u, "") ?? this.ownerOf(type, inputs)?.region ?? place.region;
  }

  /** That of which it is a part. */
  private ownerOf(type: string, inputs: WireObject): Thing | undefined {
    const at = cloudOf(type).parts[type];
    const owners = at === undefined ? [] : textsAt(inputs, at);
    return this.things.find(
      (one) => one.type !== type && owners.some((owner) => isCalled(one, owner)),
    );
  }

  private refuse(cloud: Cloud, when: Rule["when"], request: Request): void {
    this.reach(cloud, request.type, request.region);
    for (const rule of cloud.rules) {
      const applies = rule.on === "every type" || rule.on.includes(request.type);
      const refusal = applies && rule.when === when ? rule.refuses(request, this) : undefined;
      if (refusal !== undefined) throw new Error(refusal);
    }
  }

  private reach(cloud: Cloud, type: string, region: string): void {
    if (!this.store.now.lost.includes(region)) return;
    throw new Error(cloud.unreachable(type, region));
  }

  private made(cloud: Cloud, { urn, inputs, place }: Call, region: string): Thing {
    const type = typeOf(urn);
    const serial = String(this.store.now.created);
    const digest = createHash("sha256").update(`${urn} ${serial}`).digest("hex");
    const asked = { urn, type, name: nameOf(urn), inputs, external: false };
    const making = { ...asked, options: { importId: "" }, region, place, digest };
    const { id, name, outputs } = cloud.identify({
      ...making,
      inputs: plain(inputs) as WireObject,
    });
    const all = { ...create(making).outputs, ...outputs, id };
    return { type, id, name, region, urn, inputs, outputs: all };
  }
}

/**
 * Whether a replacement would have the name of what it replaces, which two cannot have: then the bridge of Pulumi's
 * providers deletes first (pulumi/pulumi-terraform-bridge, `nameRequiresDeleteBeforeReplace`).
 */
export function keepsName(type: string, before: WireObject, after: WireObject): boolean {
  const rules = CLOUDS[type.split(":")[0] ?? ""]?.rules ?? [];
  return rules.some(({ on, named }) => {
    if (named === undefined || !on.includes(type)) return false;
    const [[old], [now]] = [textsAt(plain(before), named), textsAt(plain(after), named)];
    return old !== undefined && old === now;
  });
}

/** @throws Error if it is the type of no cloud */
function cloudOf(type: string): Cloud {
  const cloud = CLOUDS[type.split(":")[0] ?? ""];
  if (cloud === undefined) throw new Error(`No cloud has ${type}.`);
  return cloud;
}

/** Rules compare what is stored with what is asked for. */
const plainly = (thing: Thing): Thing => ({
  ...thing,
  inputs: plain(thing.inputs) as WireObject,
});

const isSame = (one: Held, other: Held): boolean =>
  one.type === other.type && one.id === other.id && one.region === other.region;

const endsOf = ({ server, authority }: Access): readonly [string, string] => [
  server,
  Buffer.from(authority).toString("base64"),
];
