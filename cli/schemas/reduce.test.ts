import { expect, it } from "vitest";
import { schemasText } from "./reduce";

const DOCUMENT = {
  definitions: {
    "io.k8s.api.core.v1.Widget": {
      type: "object",
      required: ["size"],
      properties: {
        metadata: { $ref: "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" },
        size: { type: "integer", format: "int32" },
        memory: { $ref: "#/definitions/io.k8s.apimachinery.pkg.api.resource.Quantity" },
        modes: { type: "array", items: { type: "string" } },
        data: { type: "object", additionalProperties: { type: "string", format: "byte" } },
        free: { type: "object" },
      },
      "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "Widget" }],
    },
    "io.k8s.api.core.v1.WidgetList": {
      type: "object",
      properties: {
        metadata: { $ref: "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta" },
        items: { type: "array" },
      },
      "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "WidgetList" }],
    },
    "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": { properties: { name: { type: "string" } } },
    "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: "string" },
  },
};
const SOURCE = [
  "func schema_k8sio_api_core_v1_Widget(ref common.ReferenceCallback) common.OpenAPIDefinition {",
  '\t\t\t\t\t"modes": {',
  '\t\t\t\t\t\t\t\t\t\tEnum: []interface{}{"Fast", "Slow"},',
].join("\n");

it("writes a type a line, with its enumerations, and no lists", () => {
  expect(schemasText("v9", DOCUMENT, SOURCE)).toBe(
    [
      '{"version":"v9",',
      '"kinds":{',
      '"v1 Widget":"core.v1.Widget"},',
      '"types":{',
      '"core.v1.Widget":{"metadata":"meta.v1.ObjectMeta","size!":"int32","memory":"quantity","modes":"[]=Fast|Slow","data":"{}byte","free":"any"},',
      '"meta.v1.ObjectMeta":{"name":"string"}}}',
      "",
    ].join("\n"),
  );
});

it("throws if the source has no enumerations any more", () => {
  expect(() => schemasText("v9", DOCUMENT, "")).toThrow(
    new Error("The source has no enumerations: its form has changed."),
  );
});
