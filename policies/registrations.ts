/**
 * What the program registered, for the policies that look at the whole stack.
 *
 * The engine shows a stack policy the outputs of each resource. In a preview those of a resource
 * whose provider cannot be configured yet are empty: everything in a cluster that does not exist.
 * The inputs were shown before, resource by resource, to the resource policies of the same process.
 * They are kept here, and the stack is evaluated by them; outputs complete what is unknown among them.
 * Options and dependencies need no memory: the engine shows them whole in both calls.
 */
import type { AnalyzeRequest, AnalyzeStackRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import { SECRET, SIGNATURE, isUnknown } from "./wire";

export class Registrations {
  private readonly inputs = new Map<string, Struct>();

  /** Remembers a resource as it is shown to the resource policies; the last time counts. */
  note(request: AnalyzeRequest): void {
    this.inputs.set(request.getUrn(), request.getProperties() ?? new Struct());
  }

  /**
   * Puts the inputs into the resources that the stack policies are about to see. One that was not
   * registered in this analysis (it is read, or no target of the update) stays as the engine shows it.
   * An analysis ends here, so everything is forgotten.
   */
  complete(request: AnalyzeStackRequest): void {
    for (const resource of request.getResourcesList()) {
      const inputs = this.inputs.get(resource.getUrn());
      const outputs = resource.getProperties();
      if (inputs === undefined) continue;
      resource.setProperties(outputs === undefined ? inputs : completed(inputs, outputs));
    }
    this.inputs.clear();
  }
}

/**
 * The inputs, with the outputs of those that are unknown. Nothing else is taken from outputs: what the
 * program left out is filled there with a server's defaults, which the program must not be blamed for
 * (`replicas: 1` beside an autoscaler), and which must not hide that it is missing.
 * Lists are taken whole, since a provider may sort what it returns. Neither message is changed.
 */
export function completed(inputs: Struct, outputs: Struct): Struct {
  // Not the message's own `get`, which takes "constructor" and the like for keys that exist.
  const found = new Map<string, Value>();
  outputs.getFieldsMap().forEach((value, key) => found.set(key, value));
  const result = new Struct();
  inputs.getFieldsMap().forEach((value, key) => {
    result.getFieldsMap().set(key, choose(value, found.get(key)));
  });
  return result;
}

/** Whatever is secret on one side is secret in the union. */
function choose(input: Value, output: Value | undefined): Value {
  const [given, found] = [unsealed(input), unsealed(output)];
  if (given === undefined) return input;
  const value = chooseOpen(given, found);
  return given !== input || found !== output ? sealed(value) : value;
}

function chooseOpen(input: Value, output: Value | undefined): Value {
  if (output === undefined || isNull(output) || isUnknown(output.getStringValue())) return input;
  if (isUnknown(input.getStringValue())) return output;
  const [given, found] = [plainStruct(input), plainStruct(output)];
  if (given === undefined || found === undefined) return input;
  return new Value().setStructValue(completed(given, found));
}

const isNull = (value: Value): boolean => value.getKindCase() === Value.KindCase.NULL_VALUE;

/** An object, but no asset, archive or reference, which are objects with a signature on the wire. */
function plainStruct(value: Value): Struct | undefined {
  const struct = value.getStructValue();
  return struct?.getFieldsMap().has(SIGNATURE) === false ? struct : undefined;
}

/** What is inside the mark of a secret; any other value is returned as it is. */
function unsealed(value: Value | undefined): Value | undefined {
  const fields = value?.getStructValue()?.getFieldsMap();
  return fields?.get(SIGNATURE)?.getStringValue() === SECRET ? fields.get("value") : value;
}

function sealed(value: Value): Value {
  const struct = new Struct();
  struct.getFieldsMap().set(SIGNATURE, new Value().setStringValue(SECRET));
  struct.getFieldsMap().set("value", value);
  return new Value().setStructValue(struct);
}
