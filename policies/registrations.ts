/**
 * The registered inputs, for stack policies.
 *
 * The engine shows the outputs of each resource to stack policies. In a preview these are empty for
 * a resource whose provider cannot be configured yet: everything in a cluster that does not exist.
 * The inputs were shown before, resource by resource, to the resource policies of the same process.
 * They are kept here, and the stack is evaluated with them; outputs replace unknown inputs. Options
 * and dependencies are not stored, because the engine shows them in both calls.
 */
import type { AnalyzeRequest, AnalyzeStackRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import { SECRET, SIGNATURE, isUnknown } from "./wire";

export class Registrations {
  private readonly inputs = new Map<string, Struct>();

  /** Stores a resource as shown to the resource policies; the last call wins. */
  note(request: AnalyzeRequest): void {
    this.inputs.set(request.getUrn(), request.getProperties() ?? new Struct());
  }

  /**
   * Puts the inputs into the resources that the stack policies are about to see. A resource that
   * was not registered in this analysis (it is read, or not targeted) keeps what the engine shows.
   * This ends the analysis, so the stored inputs are cleared.
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
 * The inputs, with outputs in place of unknown ones. Nothing else is taken from outputs: they
 * contain server defaults for what the program left out, which the program must not be blamed for
 * (`replicas: 1` next to an autoscaler), and which must not hide that it is missing. Lists are
 * replaced as a whole, because a provider may sort what it returns. Neither message is modified.
 */
export function completed(inputs: Struct, outputs: Struct): Struct {
  // Not the message's own `get`, which finds "constructor" and similar keys.
  const found = new Map<string, Value>();
  outputs.getFieldsMap().forEach((value, key) => found.set(key, value));
  const result = new Struct();
  inputs.getFieldsMap().forEach((value, key) => {
    result.getFieldsMap().set(key, choose(value, found.get(key)));
  });
  return result;
}

/** A value that is secret on either side is secret in the union. */
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

/**
 * A plain object, not an asset, archive or reference, which are objects with a signature on the
 * wire.
 */
function plainStruct(value: Value): Struct | undefined {
  const struct = value.getStructValue();
  return struct?.getFieldsMap().has(SIGNATURE) === false ? struct : undefined;
}

/** The value inside a secret; any other value is returned unchanged. */
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
