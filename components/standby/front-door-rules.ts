import type * as azure from "@pulumi/azure-native";

/** Something done to a header. */
export type HeaderAction =
  | azure.types.input.cdn.DeliveryRuleResponseHeaderActionArgs
  | azure.types.input.cdn.DeliveryRuleRequestHeaderActionArgs;

/**
 * Headers that keep a browser from doing harm with what it got. A policy of what a page may load is the app's own to
 * say, for nobody else knows.
 */
const SECURITY_HEADERS: Record<string, string> = {
  // Two years, what the preload list of browsers asks for.
  "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "SAMEORIGIN",
  "Referrer-Policy": "strict-origin-when-cross-origin",
};

/** Adds the security headers to every answer. */
export const SECURE_ANSWERS: HeaderAction[] = Object.entries(SECURITY_HEADERS).map(([headerName, value]) => ({
  name: "ModifyResponseHeader",
  parameters: { typeName: "DeliveryRuleHeaderActionParameters", headerAction: "Overwrite", headerName, value },
}));

/**
 * Asks Blob Storage in a version that knows of identities: a request with a token must name one
 * ("Versioning for Azure Storage").
 */
export const ASK_AS_IDENTITY: HeaderAction[] = [
  {
    name: "ModifyRequestHeader",
    parameters: {
      typeName: "DeliveryRuleHeaderActionParameters",
      headerAction: "Overwrite",
      headerName: "x-ms-version",
      value: "2023-11-03",
    },
  },
];

/** What is worth compressing on the way; pictures, films and archives are compressed already. */
export const COMPRESSED = [
  "application/javascript",
  "application/json",
  "application/xml",
  "image/svg+xml",
  "text/css",
  "text/html",
  "text/javascript",
  "text/plain",
];
