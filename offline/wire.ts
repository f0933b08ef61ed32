/**
 * Values in the protocol between a program and its engine: JSON in a protobuf Struct, in which a marked object
 * represents what JSON cannot express (pulumi/pulumi, `sdk/nodejs/runtime/rpc.ts`).
 */
import { ListValue, NullValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb";

export type Wire = null | boolean | number | string | readonly Wire[] | WireObject;
export interface WireObject {
  readonly [key: string]: Wire;
}

/** The key that marks an object; its value is one of the signatures below. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const ASSET = "c44067f5952c0a294b673a41bacd8c17";
export const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
export const SECRET_VALUE = "1b47061264138c4ac30d75fd1eb44270";
export const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
export const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** The mark for an unknown value; the other six are for unknowns of a known type. */
export const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWNS: ReadonlySet<Wire> = new Set<Wire>([
  UNKNOWN_VALUE,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export const isUnknown = (value: Wire): boolean => UNKNOWNS.has(value);
export const isList = (value: Wire): value is readonly Wire[] => Array.isArray(value);
export const isObject = (value: Wire | undefined): value is WireObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The signature of a marked object; undefined for plain values. */
export function signatureOf(value: Wire): string | undefined {
  if (!isObject(value)) return undefined;
  const signature = value[SIGNATURE];
  return typeof signature === "string" ? signature : undefined;
}

/** Sets a key as plain data, whatever its name: `__proto__` is an ordinary key. */
export function setKey<T>(target: Record<string, T>, key: string, value: T): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    target[key] = value;
  }
}

export function mapObject<T>(
  object: WireObject,
  map: (value: Wire, key: string) => T,
): Record<string, T> {
  const result: Record<string, T> = {};
  for (const key of Object.keys(object)) setKey(result, key, map(object[key] ?? null, key));
  return result;
}

export function fromStruct(struct: Struct | undefined): WireObject {
  const result: Record<string, Wire> = {};
  struct?.getFieldsMap().forEach((value, key) => {
    setKey(result, key, fromValue(value));
  });
  return result;
}

function fromValue(value: Value): Wire {
  switch (value.getKindCase()) {
    case Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case Value.KindCase.STRING_VALUE:
      return value.getStringValue();
    case Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case Value.KindCase.STRUCT_VALUE:
      return fromStruct(value.getStructValue());
    case Value.KindCase.LIST_VALUE:
      return value.getListValue()?.getValuesList().map(fromValue) ?? [];
    default:
      return null;
  }
}

export function toStruct(object: WireObject): Struct {
  const struct = new Struct();
  const fields = struct.getFieldsMap();
  for (const key of Object.keys(object)) fields.set(key, toValue(object[key] ?? null));
  return struct;
}

function toValue(wire: Wire): Value {
  const value = new Value();
  if (wire === null) value.setNullValue(NullValue.NULL_VALUE);
  else if (typeof wire === "boolean") value.setBoolValue(wire);
  else if (typeof wire === "number") value.setNumberValue(wire);
  else if (typeof wire === "string") value.setStringValue(wire);
  else if (isList(wire)) value.setListValue(new ListValue().setValuesList(wire.map(toValue)));
  else if (isObject(wire)) value.setStructValue(toStruct(wire));
  return value;
}
