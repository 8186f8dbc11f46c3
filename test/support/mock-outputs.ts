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
  "aws:ec2/vpc:Vpc": (name) => ({ id: `vpc-${hex(name, 17)}`, region: REGION }),
  "aws:ec2/subnet:Subnet": (name) => ({ id: `subnet-${hex(name, 17)}` }),
  "aws:ec2/internetGateway:InternetGateway": (name) => ({ id: `igw-${hex(name, 17)}` }),
  "aws:ec2/routeTable:RouteTable": (name) => ({ id: `rtb-${hex(name, 17)}` }),
  "aws:ec2/vpnGateway:VpnGateway": (name) => ({ id: `vgw-${hex(name, 17)}` }),
  "aws:ec2/customerGateway:CustomerGateway": (name) => ({ id: `cgw-${hex(name, 17)}` }),
  "aws:ec2/vpnConnection:VpnConnection": (name) => ({
    id: `vpn-${hex(name, 17)}`,
    tunnel1Address: addressOf(`${name} 1`),
    tunnel2Address: addressOf(`${name} 2`),
  }),
  "aws:ec2transitgateway/transitGateway:TransitGateway": (name) => ({ id: `tgw-${hex(name, 17)}` }),
  "aws:ec2/eip:Eip": (name) => ({ id: `eipalloc-${hex(name, 17)}` }),
  "aws:ec2/natGateway:NatGateway": (name) => ({ id: `nat-${hex(name, 17)}` }),
  "aws:ec2/securityGroup:SecurityGroup": (name) => ({ id: `sg-${hex(name, 17)}` }),
  "aws:ec2/launchTemplate:LaunchTemplate": (name) => ({ id: `lt-${hex(name, 17)}`, latestVersion: 7 }),
  "aws:autoscaling/group:Group": (name) => ({ id: `${name}-${hex(name, 7)}`, name: `${name}-${hex(name, 7)}` }),
  "aws:lb/loadBalancer:LoadBalancer": (name) => {
    const arnSuffix = `app/${name}-${hex(name, 7)}/${hex(name, 16)}`;
    return {
      id: arn("elasticloadbalancing", `loadbalancer/${arnSuffix}`),
      arn: arn("elasticloadbalancing", `loadbalancer/${arnSuffix}`),
      arnSuffix,
      dnsName: `${name}-${hex(name, 7)}-1234567890.${REGION}.elb.amazonaws.com`,
      zoneId: "Z32O12XQLNTSW2",
    };
  },
  "aws:lb/targetGroup:TargetGroup": (name) => {
    const arnSuffix = `targetgroup/${name}-${hex(name, 7)}/${hex(name, 16)}`;
    const targetGroup = arn("elasticloadbalancing", arnSuffix);
    return { id: targetGroup, arn: targetGroup, arnSuffix };
  },
  "aws:lb/listener:Listener": (name) => {
    const listener = arn("elasticloadbalancing", `listener/app/${name}/${hex(name, 16)}/${hex(name, 16)}`);
    return { id: listener, arn: listener };
  },
  "aws:acm/certificate:Certificate": (name, { domainName, region = REGION }) => {
    const certificate = `arn:aws:acm:${region}:${ACCOUNT}:certificate/${uuid(name)}`;
    const proof = {
      domainName,
      resourceRecordName: `_${hex(name, 32)}.${domainName}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: `_${hex(`${name} value`, 32)}.acm-validations.aws.`,
    };
    return { id: certificate, arn: certificate, domainValidationOptions: [proof] };
  },
  "aws:s3/bucket:Bucket": (name) => {
    const bucket = `${name}-${hex(name, 7)}`;
    const bucketRegionalDomainName = `${bucket}.s3.${REGION}.amazonaws.com`;
    return { id: bucket, bucket, arn: `arn:aws:s3:::${bucket}`, region: REGION, bucketRegionalDomainName };
  },
  "aws:rds/subnetGroup:SubnetGroup": (name) => ({ id: `${name}-${hex(name, 7)}`, name: `${name}-${hex(name, 7)}` }),
  "aws:rds/parameterGroup:ParameterGroup": (name) => ({
    id: `${name}-${hex(name, 7)}`,
    name: `${name}-${hex(name, 7)}`,
  }),
  "aws:rds/instance:Instance": (name) => {
    const identifier = `${name}-${hex(name, 7)}`;
    return {
      id: `db-${hex(name, 26).toUpperCase()}`,
      identifier,
      arn: arn("rds", `db:${identifier}`),
      address: `${identifier}.c0ffee.${REGION}.rds.amazonaws.com`,
    };
  },
  "aws:secretsmanager/secret:Secret": (name) => {
    const secret = arn("secretsmanager", `secret:${name}-${hex(name, 7)}-${hex(`${name} end`, 6)}`);
    return { id: secret, name: `${name}-${hex(name, 7)}`, arn: secret };
  },
  "aws:secretsmanager/secretVersion:SecretVersion": (name, { secretId }) => ({
    id: `${secretId}|${uuid(name)}`,
    arn: secretId,
    versionId: uuid(name),
  }),
  "aws:cloudfront/distribution:Distribution": (name) => {
    const id = `E${hex(name, 13).toUpperCase()}`;
    return {
      id,
      arn: `arn:aws:cloudfront::${ACCOUNT}:distribution/${id}`,
      domainName: `d${hex(name, 13)}.cloudfront.net`,
      hostedZoneId: "Z2FDTNDATAQYW2",
    };
  },
  "aws:backup/vault:Vault": (name) => {
    const vault = `${name}-${hex(name, 7)}`;
    return { id: vault, name: vault, arn: arn("backup", `backup-vault:${vault}`) };
  },
  "aws:kms/key:Key": (name) => ({ id: uuid(name), keyId: uuid(name), arn: arn("kms", `key/${uuid(name)}`) }),
  "aws:sns/topic:Topic": (name) => {
    const topic = `${name}-${hex(name, 7)}`;
    return { id: arn("sns", topic), name: topic, arn: arn("sns", topic) };
  },
  "aws:sqs/queue:Queue": (name) => {
    const queue = `${name}-${hex(name, 7)}`;
    const url = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${queue}`;
    return { id: url, url, name: queue, arn: arn("sqs", queue) };
  },
  "aws:iam/instanceProfile:InstanceProfile": (name) => {
    const profile = `${name}-${hex(name, 7)}`;
    return { id: profile, name: profile, arn: `arn:aws:iam::${ACCOUNT}:instance-profile/${profile}` };
  },
  "aws:iam/role:Role": (name) => {
    const role = `${name}-${hex(name, 7)}`;
    return { id: role, name: role, arn: `arn:aws:iam::${ACCOUNT}:role/${role}` };
  },
  "aws:iam/outboundWebIdentityFederation:OutboundWebIdentityFederation": (name) => ({
    id: ACCOUNT,
    issuerIdentifier: `https://${uuid(name)}.tokens.sts.global.api.aws`,
  }),
  "aws:cloudwatch/eventRule:EventRule": (name) => {
    const rule = `${name}-${hex(name, 7)}`;
    return { id: rule, name: rule, arn: arn("events", `rule/${rule}`) };
  },
  "aws:cloudwatch/eventTarget:EventTarget": (_, { rule, targetId }) => ({ id: `${rule}-${targetId}` }),
  "aws:cloudwatch/logGroup:LogGroup": (name) => {
    const group = `${name}-${hex(name, 7)}`;
    return { id: group, name: group, arn: arn("logs", `log-group:${group}`) };
  },
  "aws:lambda/function:Function": (name) => {
    const fn = `${name}-${hex(name, 7)}`;
    return { id: fn, name: fn, arn: arn("lambda", `function:${fn}`) };
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": (name) => ({ id: uuid(name) }),
  "aws:scheduler/schedule:Schedule": (name) => {
    const schedule = `${name}-${hex(name, 7)}`;
    return { id: `default/${schedule}`, name: schedule, arn: arn("scheduler", `schedule/default/${schedule}`) };
  },
  "aws:sfn/stateMachine:StateMachine": (name) => {
    const machine = `${name}-${hex(name, 7)}`;
    return {
      id: arn("states", `stateMachine:${machine}`),
      name: machine,
      arn: arn("states", `stateMachine:${machine}`),
    };
  },
  "aws:route53/resolverEndpoint:ResolverEndpoint": (name) => ({ id: `rslvr-out-${hex(name, 17)}` }),
  "aws:route53/resolverRule:ResolverRule": (name) => ({ id: `rslvr-rr-${hex(name, 17)}` }),
  "aws:route53/healthCheck:HealthCheck": (name) => {
    const id = uuid(name);
    return { id, arn: `arn:aws:route53:::healthcheck/${id}` };
  },
  "aws:route53/record:Record": (name, { name: fqdn }) => ({ id: `Z_${name}`, fqdn }),
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
  "azure-native:network:VirtualNetwork": (_, { resourceGroupName, virtualNetworkName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Network/virtualNetworks/${virtualNetworkName}`),
    name: virtualNetworkName,
  }),
  "azure-native:network:NetworkSecurityGroup": (_, { resourceGroupName, networkSecurityGroupName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Network/networkSecurityGroups/${networkSecurityGroupName}`),
    name: networkSecurityGroupName,
  }),
  "azure-native:network:NatGateway": (_, { resourceGroupName, natGatewayName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Network/natGateways/${natGatewayName}`),
    name: natGatewayName,
  }),
  "azure-native:network:PublicIPAddress": (name, { resourceGroupName, publicIpAddressName, dnsSettings }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Network/publicIPAddresses/${publicIpAddressName}`),
    name: publicIpAddressName,
    ipAddress: `20.${Buffer.from(hex(name, 6), "hex").join(".")}`,
    ...(dnsSettings && { dnsSettings: withFqdn(dnsSettings as unknown as Text) }),
  }),
  "azure-native:network:LoadBalancer": (_, { resourceGroupName, loadBalancerName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Network/loadBalancers/${loadBalancerName}`),
    name: loadBalancerName,
  }),
  "azure-native:compute:VirtualMachineScaleSet": (_, { resourceGroupName, vmScaleSetName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Compute/virtualMachineScaleSets/${vmScaleSetName}`),
    name: vmScaleSetName,
  }),
  "azure-native:compute:Gallery": (_, { resourceGroupName, galleryName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Compute/galleries/${galleryName}`),
    name: galleryName,
  }),
  "azure-native:compute:GalleryImage": (_, { resourceGroupName, galleryName, galleryImageName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Compute/galleries/${galleryName}/images/${galleryImageName}`),
    name: galleryImageName,
  }),
  "azure-native:app:ManagedEnvironment": (name, { resourceGroupName, environmentName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.App/managedEnvironments/${environmentName}`),
    name: environmentName,
    defaultDomain: `${hex(name, 8)}.germanywestcentral.azurecontainerapps.io`,
  }),
  "azure-native:app:ContainerApp": (_, { resourceGroupName, containerAppName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.App/containerApps/${containerAppName}`),
    name: containerAppName,
  }),
  "azure-native:containerregistry:Registry": (_, { resourceGroupName, registryName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.ContainerRegistry/registries/${registryName}`),
    name: registryName,
    loginServer: `${registryName}.azurecr.io`,
  }),
  "azure-native:cdn:Profile": (name, { resourceGroupName, profileName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Cdn/profiles/${profileName}`),
    name: profileName,
    frontDoorId: uuid(`${name} front door`),
  }),
  "azure-native:cdn:AFDEndpoint": (name, { resourceGroupName, profileName, endpointName }) => ({
    id: inProfile(resourceGroupName, profileName, `afdEndpoints/${endpointName}`),
    name: endpointName,
    hostName: `${endpointName}-${hex(name, 16)}.z01.azurefd.net`,
  }),
  "azure-native:cdn:AFDCustomDomain": (name, { resourceGroupName, profileName, customDomainName }) => ({
    id: inProfile(resourceGroupName, profileName, `customDomains/${customDomainName}`),
    name: customDomainName,
    validationProperties: { validationToken: `_${hex(name, 31)}`, expirationDate: "2026-12-01T00:00:00Z" },
  }),
  "azure-native:cdn:AFDOriginGroup": (_, { resourceGroupName, profileName, originGroupName }) => ({
    id: inProfile(resourceGroupName, profileName, `originGroups/${originGroupName}`),
    name: originGroupName,
  }),
  "azure-native:cdn:RuleSet": (_, { resourceGroupName, profileName, ruleSetName }) => ({
    id: inProfile(resourceGroupName, profileName, `ruleSets/${ruleSetName}`),
    name: ruleSetName,
  }),
  "azure-native:web:AppServicePlan": (_, { resourceGroupName, name }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Web/serverfarms/${name}`),
    name,
  }),
  "azure-native:web:WebApp": (_, { resourceGroupName, name }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Web/sites/${name}`),
    name,
  }),
  "azure-native:dns:Zone": (_, { resourceGroupName, zoneName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Network/dnsZones/${zoneName}`),
    name: zoneName,
    nameServers: ["com", "net", "org", "info"].map((tld, at) => `ns${at + 1}-03.azure-dns.${tld}.`),
  }),
  "azure-native:dns:RecordSet": (_, { resourceGroupName, zoneName, recordType, relativeRecordSetName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Network/dnsZones/${zoneName}/${recordType}/${relativeRecordSetName}`),
    name: relativeRecordSetName,
  }),
  "azure-native:dnsresolver:DnsResolver": (_, { resourceGroupName, dnsResolverName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Network/dnsResolvers/${dnsResolverName}`),
    name: dnsResolverName,
  }),
  "azure-native:privatedns:PrivateZone": (_, { resourceGroupName, privateZoneName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Network/privateDnsZones/${privateZoneName}`),
    name: privateZoneName,
  }),
  "azure-native:privatedns:VirtualNetworkLink": (
    _,
    { resourceGroupName, privateZoneName, virtualNetworkLinkName },
  ) => ({
    id: inGroup(
      resourceGroupName,
      `Microsoft.Network/privateDnsZones/${privateZoneName}/virtualNetworkLinks/${virtualNetworkLinkName}`,
    ),
    name: virtualNetworkLinkName,
  }),
  "azure-native:keyvault:Vault": (_, { resourceGroupName, vaultName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.KeyVault/vaults/${vaultName}`),
    name: vaultName,
    properties: { vaultUri: `https://${vaultName}.vault.azure.net/` },
  }),
  "azure-native:keyvault:Secret": (_, { resourceGroupName, vaultName, secretName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.KeyVault/vaults/${vaultName}/secrets/${secretName}`),
    name: secretName,
    properties: { secretUri: `https://${vaultName}.vault.azure.net/secrets/${secretName}` },
  }),
  "azure-native:dbformysql:Server": (_, { resourceGroupName, serverName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.DBforMySQL/flexibleServers/${serverName}`),
    name: serverName,
    fullyQualifiedDomainName: `${serverName}.mysql.database.azure.com`,
  }),
  "azure-native:operationalinsights:Workspace": (_, { resourceGroupName, workspaceName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.OperationalInsights/workspaces/${workspaceName}`),
    name: workspaceName,
  }),
  "azure-native:monitor:ActionGroup": (_, { resourceGroupName, actionGroupName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Insights/actionGroups/${actionGroupName}`),
    name: actionGroupName,
  }),
  "azure-native:storage:StorageAccount": (_, { resourceGroupName, accountName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Storage/storageAccounts/${accountName}`),
    name: accountName,
    primaryEndpoints: {
      blob: `https://${accountName}.blob.core.windows.net/`,
      web: `https://${accountName}.z6.web.core.windows.net/`,
    },
  }),
  "azure-native:storage:BlobContainer": (_, { resourceGroupName, accountName, containerName }) => ({
    id: inGroup(
      resourceGroupName,
      `Microsoft.Storage/storageAccounts/${accountName}/blobServices/default/containers/${containerName}`,
    ),
    name: containerName,
  }),
  "azure-native:storage:StorageAccountStaticWebsite": (_, { resourceGroupName, accountName }) => ({
    id: inGroup(resourceGroupName, `Microsoft.Storage/storageAccounts/${accountName}/staticWebsite/default`),
    containerName: "$web",
  }),
  "azure-native:storage:Blob": (_, { resourceGroupName, accountName, containerName, blobName }) => ({
    id: inGroup(
      resourceGroupName,
      `Microsoft.Storage/storageAccounts/${accountName}/blobServices/default/containers/${containerName}/blobs/${blobName}`,
    ),
    name: blobName,
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
  "random:index/randomPassword:RandomPassword": (name, { length }) => ({
    id: "none",
    result: `Pw${hex(name, Number(length) - 2)}`,
  }),
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

function inProfile(group: string | undefined, profile: string | undefined, path: string): string {
  return inGroup(group, `Microsoft.Cdn/profiles/${profile}/${path}`);
}

function withFqdn(dnsSettings: Text): Text {
  return { ...dnsSettings, fqdn: `${dnsSettings.domainNameLabel}.germanywestcentral.cloudapp.azure.com` };
}

/** An address of those that are kept for documentation (RFC 5737). */
function addressOf(seed: string): string {
  return `198.51.100.${1 + (Number.parseInt(hex(seed, 6), 16) % 254)}`;
}

/** Digits that look random and are always the same for a name. */
function hex(seed: string, length: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

function uuid(seed: string): string {
  const digits = hex(seed, 32);
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}
