import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** Properties of a resource by name. */
export type MockInputs = Record<string, unknown>;

export const ACCOUNT = "111122223333";
export const REGION = "eu-west-1";
export const SUBSCRIPTION = "/subscriptions/00000000-1111-4222-8333-444455556666";
export const TENANT_ID = "99999999-8888-4777-8666-555544443333";

/** What a cloud answers with besides the inputs: the id, and outputs of the form that it really gives. */
interface Answer extends MockInputs {
  id: string;
}

type Text = Record<string, string>;

const AWS: Record<string, (name: string, inputs: Text) => Answer> = {
  "aws:ec2/vpc:Vpc": (name) => ({ id: `vpc-${hex(name, 17)}` }),
  "aws:ec2/subnet:Subnet": (name) => ({ id: `subnet-${hex(name, 17)}` }),
  "aws:ec2/internetGateway:InternetGateway": (name) => ({ id: `igw-${hex(name, 17)}` }),
  "aws:ec2/routeTable:RouteTable": (name) => ({ id: `rtb-${hex(name, 17)}` }),
  "aws:s3/bucket:Bucket": (name) => {
    const bucket = `${name}-${hex(name, 7)}`;
    const bucketRegionalDomainName = `${bucket}.s3.${REGION}.amazonaws.com`;
    return { id: bucket, bucket, arn: `arn:aws:s3:::${bucket}`, bucketRegionalDomainName };
  },
  "aws:sqs/queue:Queue": (name) => {
    const queue = `${name}-${hex(name, 7)}`;
    const url = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${queue}`;
    return { id: url, url, name: queue, arn: arn("sqs", queue) };
  },
  "aws:iam/role:Role": (name) => {
    const role = `${name}-${hex(name, 7)}`;
    return { id: role, name: role, arn: `arn:aws:iam::${ACCOUNT}:role/${role}` };
  },
  "aws:iam/outboundWebIdentityFederation:OutboundWebIdentityFederation": (name) => ({
    id: ACCOUNT,
    issuerIdentifier: `https://${uuid(name)}.tokens.sts.global.api.aws`,
  }),
  "aws:cloudwatch/logGroup:LogGroup": (name) => {
    const group = `${name}-${hex(name, 7)}`;
    return { id: group, name: group, arn: arn("logs", `log-group:${group}`) };
  },
  "aws:lambda/function:Function": (name) => {
    const fn = `${name}-${hex(name, 7)}`;
    return { id: fn, name: fn, arn: arn("lambda", `function:${fn}`) };
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": (name) => ({ id: uuid(name) }),
  "aws:route53/zone:Zone": (name) => {
    const id = `Z${hex(name, 20).toUpperCase()}`;
    return { id, zoneId: id, nameServers: [0, 1, 2, 3].map((n) => `ns-${n}.awsdns-0${n}.org`) };
  },
};

const AZURE: Record<string, (name: string, inputs: Text) => Answer> = {
  "azure-native:resources:ResourceGroup": (_, { resourceGroupName }) => ({
    id: `${SUBSCRIPTION}/resourceGroups/${resourceGroupName}`,
    name: resourceGroupName,
  }),
  "azure-native:network:VirtualNetwork": (name, { resourceGroupName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Network/virtualNetworks/${name}`),
    name,
  }),
  "azure-native:storage:StorageAccount": (_, { resourceGroupName, accountName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Storage/storageAccounts/${accountName}`),
    name: accountName,
    primaryEndpoints: { blob: `https://${accountName}.blob.core.windows.net/` },
  }),
  "azure-native:storage:BlobContainer": (_, { resourceGroupName, accountName, containerName }) => ({
    id: inGroup(
      resourceGroupName,
      `Microsoft.Storage/storageAccounts/${accountName}/blobServices/default/containers/${containerName}`,
    ),
    name: containerName,
  }),
  "azure-native:managedidentity:UserAssignedIdentity": (_, { resourceGroupName, resourceName = "" }) => ({
    id: inGroup(resourceGroupName, `Microsoft.ManagedIdentity/userAssignedIdentities/${resourceName}`),
    name: resourceName,
    clientId: uuid(`${resourceName} client`),
    principalId: uuid(`${resourceName} principal`),
    tenantId: TENANT_ID,
  }),
  "azure-native:authorization:RoleDefinition": (_, { roleDefinitionId }) => ({
    id: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitionId}`,
  }),
};

const RANDOM: Record<string, (name: string, inputs: Text) => Answer> = {
  "random:index/randomUuid:RandomUuid": (name) => ({ id: uuid(name), result: uuid(name) }),
  "random:index/randomString:RandomString": (name, { length }) => {
    const result = hex(name, Number(length));
    return { id: result, result };
  },
};

/** What a resource is like once it is made: its id, and its inputs and outputs together. */
export function outputsOf(type: string, name: string, inputs: MockInputs): { id: string; state: MockInputs } {
  const { [type]: answerOf } = { ...AWS, ...AZURE, ...RANDOM };
  const opened = Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [key, pulumi.runtime.unwrapRpcSecret(value)]),
  ) as Text;
  // The rest is made for what it does, and nobody reads its outputs.
  const { id, ...outputs } = answerOf?.(name, opened) ?? { id: `${name}-${hex(name, 7)}` };
  return { id, state: { ...inputs, ...outputs } };
}

/** The ARN of something in the test's account and region. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

function inGroup(group: string | undefined, path: string): string {
  return `${SUBSCRIPTION}/resourceGroups/${group}/providers/${path}`;
}

/** Digits that look random and are always the same for a name. */
function hex(seed: string, length: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

function uuid(seed: string): string {
  const digits = hex(seed, 32);
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}
