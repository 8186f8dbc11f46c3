import {
  CreateOriginAccessControlCommand,
  CreateResponseHeadersPolicyCommand,
  DeleteOriginAccessControlCommand,
  DeleteResponseHeadersPolicyCommand,
  GetOriginAccessControlCommand,
  GetResponseHeadersPolicyCommand,
  type OriginAccessControlConfig,
  type ResponseHeadersPolicyConfig,
  UpdateOriginAccessControlCommand,
  UpdateResponseHeadersPolicyCommand,
} from "@aws-sdk/client-cloudfront";
import type { Actuator } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, ignoreMissing, list, refuseLeftOut, text, unlessMissing } from "./common.ts";

/** aws:cloudfront/originAccessControl:OriginAccessControl */
export const originAccessControl: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["originAccessControlOriginType"],

  async create(inputs, cloud) {
    const made = await cloud.cloudfront.send(
      new CreateOriginAccessControlCommand({ OriginAccessControlConfig: accessControlOf(inputs) }),
    );
    const id = String(made.OriginAccessControl?.Id);
    const arn = cloud.arn("cloudfront", `origin-access-control/${id}`, { global: true });
    return { id, properties: { arn, etag: made.ETag } };
  },

  async read({ id }, cloud) {
    const found = await unlessMissing(cloud.cloudfront.send(new GetOriginAccessControlCommand({ Id: id })));
    const config = found?.OriginAccessControl?.OriginAccessControlConfig;
    return (
      config && {
        etag: found?.ETag,
        name: config.Name,
        description: config.Description,
        signingBehavior: config.SigningBehavior,
        signingProtocol: config.SigningProtocol,
      }
    );
  },

  async update({ id }, inputs, cloud) {
    const { ETag } = await cloud.cloudfront.send(new GetOriginAccessControlCommand({ Id: id }));
    const updated = await cloud.cloudfront.send(
      new UpdateOriginAccessControlCommand({
        Id: id,
        IfMatch: ETag,
        OriginAccessControlConfig: accessControlOf(inputs),
      }),
    );
    return { etag: updated.ETag };
  },

  async delete({ id }, cloud) {
    const found = await unlessMissing(cloud.cloudfront.send(new GetOriginAccessControlCommand({ Id: id })));
    const command = new DeleteOriginAccessControlCommand({ Id: id, IfMatch: found?.ETag });
    if (found) await ignoreMissing(cloud.cloudfront.send(command));
  },
};

/** aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy, headers for security and of one's own. */
export const responseHeadersPolicy: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },

  check: (inputs) => refuseLeftOut(inputs, ["corsConfig", "serverTimingHeadersConfig"], "leave it out"),

  async create(inputs, cloud) {
    const made = await cloud.cloudfront.send(
      new CreateResponseHeadersPolicyCommand({ ResponseHeadersPolicyConfig: headersOf(inputs) }),
    );
    const id = String(made.ResponseHeadersPolicy?.Id);
    const arn = cloud.arn("cloudfront", `response-headers-policy/${id}`, { global: true });
    return { id, properties: { arn, etag: made.ETag } };
  },

  async read({ id }, cloud) {
    const found = await unlessMissing(cloud.cloudfront.send(new GetResponseHeadersPolicyCommand({ Id: id })));
    const config = found?.ResponseHeadersPolicy?.ResponseHeadersPolicyConfig;
    return config && { etag: found?.ETag, name: config.Name, comment: config.Comment };
  },

  async update({ id }, inputs, cloud) {
    const { ETag } = await cloud.cloudfront.send(new GetResponseHeadersPolicyCommand({ Id: id }));
    const updated = await cloud.cloudfront.send(
      new UpdateResponseHeadersPolicyCommand({
        Id: id,
        IfMatch: ETag,
        ResponseHeadersPolicyConfig: headersOf(inputs),
      }),
    );
    return { etag: updated.ETag };
  },

  async delete({ id }, cloud) {
    const found = await unlessMissing(cloud.cloudfront.send(new GetResponseHeadersPolicyCommand({ Id: id })));
    const command = new DeleteResponseHeadersPolicyCommand({ Id: id, IfMatch: found?.ETag });
    if (found) await ignoreMissing(cloud.cloudfront.send(command));
  },
};

function accessControlOf(inputs: Properties): OriginAccessControlConfig {
  return {
    Name: String(inputs.name),
    Description: text(inputs.description) ?? "Managed by Pulumi",
    OriginAccessControlOriginType: inputs.originAccessControlOriginType as "s3",
    SigningBehavior: inputs.signingBehavior as "always",
    SigningProtocol: inputs.signingProtocol as "sigv4",
  };
}

function headersOf(inputs: Properties): ResponseHeadersPolicyConfig {
  const custom = list(fields(inputs.customHeadersConfig).items).map(fields);
  const removed = list(fields(inputs.removeHeadersConfig).items).map(fields);
  return {
    Name: String(inputs.name),
    Comment: text(inputs.comment) ?? "",
    SecurityHeadersConfig: inputs.securityHeadersConfig ? securityOf(fields(inputs.securityHeadersConfig)) : undefined,
    CustomHeadersConfig: inputs.customHeadersConfig
      ? {
          Quantity: custom.length,
          Items: custom.map(({ header, override, value }) => ({
            Header: String(header),
            Value: String(value),
            Override: override === true,
          })),
        }
      : undefined,
    RemoveHeadersConfig: inputs.removeHeadersConfig
      ? { Quantity: removed.length, Items: removed.map(({ header }) => ({ Header: String(header) })) }
      : undefined,
  };
}

function securityOf(headers: Properties): ResponseHeadersPolicyConfig["SecurityHeadersConfig"] {
  const {
    contentSecurityPolicy: policy,
    contentTypeOptions: type,
    frameOptions: frame,
    referrerPolicy: referrer,
    strictTransportSecurity: transport,
    xssProtection: xss,
  } = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, fields(value)]));
  return {
    ContentSecurityPolicy: policy && {
      ContentSecurityPolicy: String(policy.contentSecurityPolicy),
      Override: policy.override === true,
    },
    ContentTypeOptions: type && { Override: type.override === true },
    FrameOptions: frame && { FrameOption: frame.frameOption as "DENY", Override: frame.override === true },
    ReferrerPolicy: referrer && {
      ReferrerPolicy: referrer.referrerPolicy as "origin",
      Override: referrer.override === true,
    },
    StrictTransportSecurity: transport && {
      AccessControlMaxAgeSec: Number(transport.accessControlMaxAgeSec),
      IncludeSubdomains: transport.includeSubdomains === true,
      Preload: transport.preload === true,
      Override: transport.override === true,
    },
    XSSProtection: xss && {
      Protection: xss.protection === true,
      ModeBlock: xss.modeBlock === true,
      ReportUri: text(xss.reportUri),
      Override: xss.override === true,
    },
  };
}
