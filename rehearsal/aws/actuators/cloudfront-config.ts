import type {
  CacheBehavior,
  DefaultCacheBehavior,
  DistributionConfig,
  Method,
  Origin,
  ViewerCertificate,
} from "@aws-sdk/client-cloudfront";
import type { Properties } from "../../provider/codec.ts";
import { fields, list, text } from "./common.ts";

/** The inputs of a distribution in the words of CloudFront's API. */
export function distributionConfig(inputs: Properties, callerReference: string): DistributionConfig {
  return {
    CallerReference: callerReference,
    Comment: text(inputs.comment) ?? "",
    Enabled: inputs.enabled === true,
    Aliases: items(inputs.aliases),
    DefaultRootObject: text(inputs.defaultRootObject) ?? "",
    HttpVersion: inputs.httpVersion as DistributionConfig["HttpVersion"],
    IsIPV6Enabled: inputs.isIpv6Enabled === true,
    PriceClass: (inputs.priceClass ?? "PriceClass_All") as DistributionConfig["PriceClass"],
    WebACLId: text(inputs.webAclId) ?? "",
    Origins: { ...items(inputs.origins), Items: list(inputs.origins).map((each) => originOf(fields(each))) },
    DefaultCacheBehavior: behaviorOf(fields(inputs.defaultCacheBehavior)),
    CacheBehaviors: {
      Quantity: list(inputs.orderedCacheBehaviors).length,
      Items: list(inputs.orderedCacheBehaviors).map((each) => orderedBehaviorOf(fields(each))),
    },
    CustomErrorResponses: {
      Quantity: list(inputs.customErrorResponses).length,
      Items: list(inputs.customErrorResponses).map((each) => {
        const { errorCode, errorCachingMinTtl, responseCode, responsePagePath } = fields(each);
        return {
          ErrorCode: Number(errorCode),
          ErrorCachingMinTTL: errorCachingMinTtl as number | undefined,
          ResponseCode: responseCode === undefined ? undefined : String(responseCode),
          ResponsePagePath: text(responsePagePath),
        };
      }),
    },
    ViewerCertificate: viewerCertificateOf(fields(inputs.viewerCertificate)),
    Restrictions: restrictionsOf(fields(fields(inputs.restrictions).geoRestriction)),
  };
}

function items(given: unknown): { Quantity: number; Items: string[] } {
  return { Quantity: list(given).length, Items: list(given) as string[] };
}

/** An origin that is no custom one is a bucket; whom it trusts the origin access control says. */
function originOf(origin: Properties): Origin {
  return {
    Id: String(origin.originId),
    DomainName: String(origin.domainName),
    OriginPath: text(origin.originPath) ?? "",
    OriginAccessControlId: text(origin.originAccessControlId) ?? "",
    S3OriginConfig: { OriginAccessIdentity: text(fields(origin.s3OriginConfig).originAccessIdentity) ?? "" },
    CustomHeaders: {
      Quantity: list(origin.customHeaders).length,
      Items: list(origin.customHeaders).map((each) => ({
        HeaderName: String(fields(each).name),
        HeaderValue: String(fields(each).value),
      })),
    },
  };
}

function behaviorOf(behavior: Properties): DefaultCacheBehavior {
  const cached = items(behavior.cachedMethods) as { Quantity: number; Items: Method[] };
  const allowed = items(behavior.allowedMethods) as { Quantity: number; Items: Method[] };
  return {
    TargetOriginId: String(behavior.targetOriginId),
    ViewerProtocolPolicy: behavior.viewerProtocolPolicy as DefaultCacheBehavior["ViewerProtocolPolicy"],
    AllowedMethods: { ...allowed, CachedMethods: cached },
    Compress: behavior.compress === true,
    CachePolicyId: text(behavior.cachePolicyId),
    OriginRequestPolicyId: text(behavior.originRequestPolicyId),
    ResponseHeadersPolicyId: text(behavior.responseHeadersPolicyId),
  };
}

function orderedBehaviorOf(behavior: Properties): CacheBehavior {
  return { PathPattern: String(behavior.pathPattern), ...behaviorOf(behavior) };
}

function viewerCertificateOf(certificate: Properties): ViewerCertificate {
  if (certificate.acmCertificateArn === undefined) return { CloudFrontDefaultCertificate: true };
  return {
    ACMCertificateArn: String(certificate.acmCertificateArn),
    SSLSupportMethod: certificate.sslSupportMethod as ViewerCertificate["SSLSupportMethod"],
    MinimumProtocolVersion: certificate.minimumProtocolVersion as ViewerCertificate["MinimumProtocolVersion"],
  };
}

function restrictionsOf({ restrictionType, locations }: Properties) {
  const RestrictionType = (restrictionType ?? "none") as "none";
  return { GeoRestriction: { RestrictionType, ...items(locations) } };
}
