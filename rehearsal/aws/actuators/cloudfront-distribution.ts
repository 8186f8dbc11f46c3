import {
  CreateDistributionWithTagsCommand,
  DeleteDistributionCommand,
  type Distribution,
  GetDistributionCommand,
  GetOriginAccessControlCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { Edge, type EdgeSettings } from "../edge.ts";
import { distributionConfig } from "./cloudfront-config.ts";
import { fields, list, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { fromTagList, removedTags, toTagList } from "./tags.ts";

/** The zone that alias records to distributions name (AliasTarget). */
const HOSTED_ZONE_ID = "Z2FDTNDATAQYW2";

const LEFT_OUT = [
  ...["anycastIpListId", "cacheTagConfig", "connectionFunctionAssociation", "continuousDeploymentPolicyId"],
  ...["loggingConfig", "originGroups", "staging", "viewerMtlsConfig"],
];

/** aws:cloudfront/distribution:Distribution, before buckets; met at an edge of this machine. Nothing is cached. */
export const distribution: Actuator<AwsCloud> = {
  check(inputs, { unknown }) {
    const refusals = refuseLeftOut(inputs, LEFT_OUT, "leave it out");
    for (const origin of list(inputs.origins).map(fields)) {
      refusals.push(...refuseLeftOut(origin, ["customOriginConfig", "vpcOriginConfig"], "name a bucket as the origin"));
    }
    return [...refusals, ...checkCertificate(inputs, unknown), ...checkTargets(inputs)];
  },

  async create(inputs, cloud) {
    const edge = edgeSettings(cloud, inputs, "");
    await requireAccessControls(cloud, inputs);
    const { Distribution } = await cloud.cloudfront.send(
      new CreateDistributionWithTagsCommand({
        DistributionConfigWithTags: {
          DistributionConfig: distributionConfig(inputs, crypto.randomUUID()),
          Tags: { Items: toTagList(inputs.tags) },
        },
      }),
    );
    const id = String(Distribution?.Id);
    const domainName = String(Distribution?.DomainName);
    if (inputs.enabled === true) {
      cloud.hosting.edges.set(id, await Edge.open(cloud.hosting, { ...edge, domainName }));
    }
    return { id, properties: { ...outputs(Distribution), tagsAll: inputs.tags } };
  },

  async read({ id }, cloud) {
    const found = await find(cloud, id);
    if (!found) return undefined;
    const { Tags } = await cloud.cloudfront.send(new ListTagsForResourceCommand({ Resource: found.arn }));
    const tags = fromTagList(Tags?.Items);
    const { Aliases, Comment, Enabled } = found.distribution.DistributionConfig ?? {};
    return {
      ...outputs(found.distribution),
      aliases: Aliases?.Items ?? [],
      comment: Comment,
      enabled: Enabled,
      tags,
      tagsAll: tags,
    };
  },

  async update({ id, properties }, inputs, cloud) {
    const domainName = String(properties.domainName);
    const edge = edgeSettings(cloud, inputs, domainName);
    await requireAccessControls(cloud, inputs);
    const found = await configure(cloud, id, inputs);
    const open = cloud.hosting.edges.get(id);
    if (inputs.enabled !== true) close(cloud, id);
    else if (open) open.change(edge);
    else cloud.hosting.edges.set(id, await Edge.open(cloud.hosting, edge));
    await retag(cloud, String(properties.arn), properties.tags, inputs.tags);
    return { ...outputs(found), tagsAll: inputs.tags };
  },

  async delete({ id, properties }, cloud) {
    if (!(await find(cloud, id))) return;
    close(cloud, id);
    // CloudFront deletes a disabled one only, and so does the provider.
    await configure(cloud, id, { ...properties, enabled: false });
    const IfMatch = (await find(cloud, id))?.etag;
    await cloud.cloudfront.send(new DeleteDistributionCommand({ Id: id, IfMatch }));
  },
};

async function find(cloud: AwsCloud, Id: string) {
  const found = await unlessMissing(cloud.cloudfront.send(new GetDistributionCommand({ Id })));
  if (!found?.Distribution) return undefined;
  return { distribution: found.Distribution, arn: found.Distribution.ARN, etag: found.ETag };
}

async function configure(cloud: AwsCloud, Id: string, inputs: Properties): Promise<Distribution | undefined> {
  const found = await find(cloud, Id);
  const reference = String(found?.distribution.DistributionConfig?.CallerReference);
  const { Distribution } = await cloud.cloudfront.send(
    new UpdateDistributionCommand({
      Id,
      IfMatch: found?.etag,
      DistributionConfig: distributionConfig(inputs, reference),
    }),
  );
  return Distribution;
}

function close(cloud: AwsCloud, id: string): void {
  cloud.hosting.edges.get(id)?.close();
  cloud.hosting.edges.delete(id);
}

function outputs(found: Distribution | undefined): Properties {
  return {
    arn: found?.ARN,
    callerReference: found?.DistributionConfig?.CallerReference,
    domainName: found?.DomainName,
    hostedZoneId: HOSTED_ZONE_ID,
    status: found?.Status,
    inProgressValidationBatches: 0,
  };
}

/** @throws Error for a certificate that CloudFront would refuse, and the emulator does not */
function edgeSettings(cloud: AwsCloud, inputs: Properties, domainName: string): EdgeSettings {
  const aliases = list(inputs.aliases) as string[];
  const arn = text(fields(inputs.viewerCertificate).acmCertificateArn);
  const certificate = arn === undefined ? undefined : cloud.hosting.certificates.get(arn);
  const uncovered = aliases.find((alias) => !certificate?.covers(alias));
  if (arn !== undefined && !certificate) {
    throw new Error(
      `InvalidViewerCertificate: ${arn} is no issued certificate: validate it first (CreateDistribution)`,
    );
  }
  if (uncovered === undefined) return { domainName, aliases, certificate };
  throw new Error(
    `InvalidViewerCertificate: the certificate ${arn} does not cover the alias "${uncovered}" (CreateDistribution)`,
  );
}

async function requireAccessControls(cloud: AwsCloud, inputs: Properties): Promise<void> {
  for (const { originAccessControlId } of list(inputs.origins).map(fields)) {
    if (originAccessControlId === undefined) continue;
    const command = new GetOriginAccessControlCommand({ Id: String(originAccessControlId) });
    if (await unlessMissing(cloud.cloudfront.send(command))) continue;
    throw new Error(`InvalidOriginAccessControl: there is no origin access control ${originAccessControlId}`);
  }
}

function checkCertificate(inputs: Properties, unknown: ReadonlySet<string>): Refusal[] {
  if (unknown.has("viewerCertificate")) return [];
  const refuse = (reason: string) => [{ property: "viewerCertificate", reason: `${reason} (CreateDistribution)` }];
  const { acmCertificateArn, cloudfrontDefaultCertificate } = fields(inputs.viewerCertificate);
  const arn = text(acmCertificateArn);
  if (arn !== undefined && !arn.startsWith("arn:aws:acm:us-east-1:")) {
    return refuse(
      `the certificate ${arn} is not in us-east-1, and CloudFront takes no other (InvalidViewerCertificate)`,
    );
  }
  if (arn === undefined && cloudfrontDefaultCertificate === true && list(inputs.aliases).length > 0) {
    return refuse("CloudFront's own certificate covers no alias: give one that does (InvalidViewerCertificate)");
  }
  return [];
}

function checkTargets(inputs: Properties): Refusal[] {
  const origins = list(inputs.origins).map((each) => fields(each).originId);
  const behaviors = [inputs.defaultCacheBehavior, ...list(inputs.orderedCacheBehaviors)].map(fields);
  const stray = behaviors.find(
    ({ targetOriginId }) => targetOriginId !== undefined && !origins.includes(targetOriginId),
  );
  if (!stray || inputs.origins === undefined) return [];
  const reason = `there is no origin "${stray.targetOriginId}" among ${origins.join(", ")} (NoSuchOrigin)`;
  return [{ property: "defaultCacheBehavior", reason }];
}

async function retag(cloud: AwsCloud, Resource: string, former: unknown, next: unknown): Promise<void> {
  const removed = removedTags(former, next);
  if (removed.length > 0) {
    await cloud.cloudfront.send(new UntagResourceCommand({ Resource, TagKeys: { Items: removed } }));
  }
  const Items = toTagList(next);
  if (Items.length > 0) await cloud.cloudfront.send(new TagResourceCommand({ Resource, Tags: { Items } }));
}
