import { expect } from "chai";
import type { Registrations } from "./mocks.ts";

/** Tags as a stack hands them to its components, and one of the user's own. */
export const TAGS = {
  Purpose: "test",
  Environment: "production",
  Workload: "shop",
  Owner: "platform-team",
  CostCenter: "4711",
};

/** The types in use that have no tags, because the cloud gives them none. */
const UNTAGGABLE = [
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:autoscaling/policy:Policy",
  "aws:backup/selection:Selection",
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
  "aws:cloudfront/originAccessControl:OriginAccessControl",
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
  "aws:ec2/route:Route",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation",
  "aws:iam/outboundWebIdentityFederation:OutboundWebIdentityFederation",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:kms/keyPolicy:KeyPolicy",
  "aws:lambda/functionRecursionConfig:FunctionRecursionConfig",
  "aws:route53/record:Record",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketNotification:BucketNotification",
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:scheduler/schedule:Schedule",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:sqs/queuePolicy:QueuePolicy",
  "azure-native:authorization:ManagementLockByScope",
  "azure-native:authorization:RoleAssignment",
  "azure-native:authorization:RoleDefinition",
  "azure-native:cdn:AFDCustomDomain",
  "azure-native:cdn:AFDOrigin",
  "azure-native:cdn:AFDOriginGroup",
  "azure-native:cdn:Route",
  "azure-native:cdn:Rule",
  "azure-native:cdn:RuleSet",
  "azure-native:consumption:Budget",
  "azure-native:dbformysql:Configuration",
  "azure-native:dbformysql:Database",
  "azure-native:dns:RecordSet",
  "azure-native:managedidentity:FederatedIdentityCredential",
  "azure-native:monitor:DiagnosticSetting",
  "azure-native:storage:Blob",
  "azure-native:storage:BlobContainer",
  "azure-native:storage:BlobServiceProperties",
  "azure-native:storage:ManagementPolicy",
  "azure-native:storage:StorageAccountStaticWebsite",
  "azure-native:web:WebAppApplicationSettings",
  "azure-native:web:WebAppScmAllowed",
  "random:index/randomPassword:RandomPassword",
  "random:index/randomString:RandomString",
  "random:index/randomUuid:RandomUuid",
];

/** Fails unless a component and all that it made keep the rules that hold for every component of the house. */
export function expectHouseRules(resources: Registrations, name: string, type: string): void {
  const [component] = resources.ofType(type);
  expect(component, `a component of type ${type}`).to.include({ name, custom: false, parent: undefined });
  for (const resource of resources.all.filter((each) => each !== component)) {
    expect(resource.name, "names begin with the component's").to.match(new RegExp(`^${name}-`));
    expect(resource.parent, `${resource.name} belongs to the component`).to.match(new RegExp(`^${name}(-|$)`));
  }
  expectTags(resources, TAGS);
}

/** Fails unless everything that can carry tags carries these. */
export function expectTags(resources: Registrations, tags: Record<string, string>): void {
  for (const { name, type, inputs } of resources.customs) {
    if (UNTAGGABLE.includes(type)) expect(inputs, `${name} has no tags in the cloud`).to.not.have.property("tags");
    else expect(tagsIn(inputs.tags), `the tags of ${name}`).to.include(tags);
  }
}

/** Tags by key; an Auto Scaling group has them as a list, each with whether its servers get it too. */
function tagsIn(tags: unknown): unknown {
  return Array.isArray(tags) ? Object.fromEntries(tags.map(({ key, value }) => [key, value])) : tags;
}

/** Fails unless exactly these, and all of these, are kept when somebody deletes them or their stack. */
export function expectProtected(resources: Registrations, names: string[]): void {
  expect(resources.customs.filter(({ protect }) => protect).map(({ name }) => name)).to.have.members(names);
  expect(resources.customs.filter(({ retainOnDelete }) => retainOnDelete).map(({ name }) => name)).to.have.members(
    names,
  );
}
