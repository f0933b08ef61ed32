import { expect, it } from "vitest";
import { RULES } from "./rules";
import { NOT_ENFORCED } from "./leniency";
import { allKinds, fieldsOf, schemaVersion, typeOfKind } from "./schemas";

it("knows the kinds of a version, and not those of another", () => {
  expect(schemaVersion()).toBe("v1.37.2");
  expect(typeOfKind("apps/v1", "Deployment")).toBe("apps.v1.Deployment");
  expect(typeOfKind("extensions/v1beta1", "Deployment")).toBeUndefined();
  expect(typeOfKind("v1", "constructor")).toBeUndefined();
  expect(allKinds().length).toBeGreaterThan(90);
});

it("knows the fields of a type, and which are required", () => {
  const { types, required } = fieldsOf("core.v1.ContainerPort") ?? {
    types: new Map(),
    required: [],
  };
  expect(Object.fromEntries(types)).toEqual({
    containerPort: "int32",
    hostIP: "string",
    hostPort: "int32",
    name: "string",
    protocol: "=SCTP|TCP|UDP",
  });
  expect(required).toEqual(["containerPort"]);
  expect(fieldsOf("string")).toBeUndefined();
  expect(fieldsOf("toString")).toBeUndefined();
});

it("refers to types that exist only", () => {
  const scalars =
    /^(string|boolean|number|int32|int64|double|byte|time|micro-time|quantity|int-or-string|any|schema-or-(list|bool|strings)|=.*)$/;
  const queue = allKinds().map((kind) => {
    const [version = "", name = ""] = kind.split(" ");
    return typeOfKind(version, name) ?? "";
  });
  const seen = new Set<string>();
  for (let type = queue.pop(); type !== undefined; type = queue.pop()) {
    const inner = type.replace(/^(\[\]|\{\})+/, "");
    if (seen.has(inner) || scalars.test(inner)) continue;
    seen.add(inner);
    const fields = fieldsOf(inner);
    expect({ inner, exists: fields !== undefined }).toEqual({ inner, exists: true });
    queue.push(...(fields?.types.values() ?? []));
  }
  expect(seen.size).toBeGreaterThan(500);
});

it("has rules for types that exist, and exceptions for fields that are required", () => {
  expect([...RULES.keys()].filter((type) => fieldsOf(type) === undefined)).toEqual([]);
  const stale = [...NOT_ENFORCED].filter((key) => {
    const [type = "", field = ""] = key.split(" ");
    return fieldsOf(type)?.required.includes(field) !== true;
  });
  expect(stale).toEqual([]);
});
