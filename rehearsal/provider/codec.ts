import struct from "google-protobuf/google/protobuf/struct_pb.js";

/** A property bag as it crosses the wire: plain JSON, with Pulumi's signatures for what JSON cannot hold. */
export type Properties = Record<string, unknown>;

/** What stands for a value that is not known yet (the engine's own constant, sdk/go/common/resource/plugin). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether the value, or anything inside it, is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

export function fromStruct(message: struct.Struct | undefined): Properties {
  return (message?.toJavaScript() ?? {}) as Properties;
}

export function toStruct(properties: Properties): struct.Struct {
  return struct.Struct.fromJavaScript(withoutUndefined(properties) as Record<string, struct.JavaScriptValue>);
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutUndefined(item ?? null));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, withoutUndefined(item)]),
  );
}
