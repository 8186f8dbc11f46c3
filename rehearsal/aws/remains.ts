import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeCustomerGatewaysCommand,
  DescribeVpcsCommand,
  DescribeVpnConnectionsCommand,
  DescribeVpnGatewaysCommand,
} from "@aws-sdk/client-ec2";
import { ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { ListRolesCommand } from "@aws-sdk/client-iam";
import { ListEventSourceMappingsCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import {
  DescribeDBInstancesCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBSnapshotsCommand,
  DescribeDBSubnetGroupsCommand,
} from "@aws-sdk/client-rds";
import { ListHostedZonesCommand } from "@aws-sdk/client-route-53";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { ListSchedulesCommand } from "@aws-sdk/client-scheduler";
import { ListSecretsCommand } from "@aws-sdk/client-secrets-manager";
import { ListStateMachinesCommand } from "@aws-sdk/client-sfn";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import type { AwsCloud } from "./cloud.ts";
import { webRemains } from "./web-remains.ts";

/** What there is in a region of the local AWS that is not there from the start, by kind and name. */
export async function awsRemains(cloud: AwsCloud): Promise<string[]> {
  const { ec2, iam, lambda, logs, route53, s3, sqs } = cloud;
  const [buckets, queues, functions, mappings, roles, vpcs, groups, zones] = await Promise.all([
    s3.send(new ListBucketsCommand({})),
    sqs.send(new ListQueuesCommand({})),
    lambda.send(new ListFunctionsCommand({})),
    lambda.send(new ListEventSourceMappingsCommand({})),
    iam.send(new ListRolesCommand({})),
    ec2.send(new DescribeVpcsCommand({})),
    logs.send(new DescribeLogGroupsCommand({})),
    route53.send(new ListHostedZonesCommand({})),
  ]);
  return [
    ...(buckets.Buckets ?? []).map(({ Name }) => `bucket ${Name}`),
    ...(queues.QueueUrls ?? []).map((url) => `queue ${url}`),
    ...(functions.Functions ?? []).map(({ FunctionName }) => `function ${FunctionName}`),
    ...(mappings.EventSourceMappings ?? []).map(({ UUID }) => `event source mapping ${UUID}`),
    ...(roles.Roles ?? [])
      .filter(({ Path }) => !Path?.startsWith("/aws-service-role/"))
      .map(({ Arn }) => `role ${Arn}`),
    ...(vpcs.Vpcs ?? []).filter(({ IsDefault }) => !IsDefault).map(({ VpcId }) => `VPC ${VpcId}`),
    ...(groups.logGroups ?? []).map(({ logGroupName }) => `log group ${logGroupName}`),
    ...(zones.HostedZones ?? []).map(({ Name }) => `hosted zone ${Name}`),
    ...(await vpnRemains(cloud)),
    ...(await startedRemains(cloud)),
    ...(await databaseRemains(cloud)),
    ...(await webRemains(cloud)),
  ];
}

/** What a VPN ends at. */
async function vpnRemains({ ec2 }: AwsCloud): Promise<string[]> {
  const [gateways, customers, connections] = await Promise.all([
    ec2.send(new DescribeVpnGatewaysCommand({})),
    ec2.send(new DescribeCustomerGatewaysCommand({})),
    ec2.send(new DescribeVpnConnectionsCommand({})),
  ]);
  return [
    ...(gateways.VpnGateways ?? []).map(({ VpnGatewayId }) => `VPN gateway ${VpnGatewayId}`),
    ...(customers.CustomerGateways ?? []).map(({ CustomerGatewayId }) => `customer gateway ${CustomerGatewayId}`),
    ...(connections.VpnConnections ?? []).map(({ VpnConnectionId }) => `VPN connection ${VpnConnectionId}`),
  ];
}

/** What starts functions by itself, or when it is told to. */
async function startedRemains({ eventbridge, scheduler, sfn }: AwsCloud): Promise<string[]> {
  const [rules, schedules, machines] = await Promise.all([
    eventbridge.send(new ListRulesCommand({})),
    scheduler.send(new ListSchedulesCommand({})),
    sfn.send(new ListStateMachinesCommand({})),
  ]);
  return [
    ...(rules.Rules ?? []).map(({ Name }) => `event rule ${Name}`),
    ...(schedules.Schedules ?? []).map(({ Name }) => `schedule ${Name}`),
    ...(machines.stateMachines ?? []).map(({ name }) => `state machine ${name}`),
  ];
}

async function databaseRemains({ rds, secrets }: AwsCloud): Promise<string[]> {
  const [instances, snapshots, parameters, subnets, kept] = await Promise.all([
    rds.send(new DescribeDBInstancesCommand({})),
    rds.send(new DescribeDBSnapshotsCommand({})),
    rds.send(new DescribeDBParameterGroupsCommand({})),
    rds.send(new DescribeDBSubnetGroupsCommand({})),
    secrets.send(new ListSecretsCommand({})),
  ]);
  return [
    ...(instances.DBInstances ?? []).map(({ DBInstanceIdentifier }) => `database ${DBInstanceIdentifier}`),
    ...(snapshots.DBSnapshots ?? []).map(({ DBSnapshotIdentifier }) => `database snapshot ${DBSnapshotIdentifier}`),
    ...(parameters.DBParameterGroups ?? []).map(
      ({ DBParameterGroupName }) => `parameter group ${DBParameterGroupName}`,
    ),
    ...(subnets.DBSubnetGroups ?? []).map(({ DBSubnetGroupName }) => `subnet group ${DBSubnetGroupName}`),
    ...(kept.SecretList ?? []).map(({ Name }) => `secret ${Name}`),
  ];
}
