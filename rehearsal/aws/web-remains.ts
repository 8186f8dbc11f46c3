import { ListCertificatesCommand } from "@aws-sdk/client-acm";
import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import {
  ListDistributionsCommand,
  ListOriginAccessControlsCommand,
  ListResponseHeadersPoliciesCommand,
} from "@aws-sdk/client-cloudfront";
import {
  DescribeAddressesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNatGatewaysCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
} from "@aws-sdk/client-ec2";
import { DescribeLoadBalancersCommand, DescribeTargetGroupsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ListInstanceProfilesCommand } from "@aws-sdk/client-iam";
import type { AwsCloud } from "./cloud.ts";

/** What is left of web tiers and of what is before them, in a region and in CloudFront's own. */
export async function webRemains(cloud: AwsCloud): Promise<string[]> {
  return [
    ...(await networkRemains(cloud)),
    ...(await serverRemains(cloud)),
    ...(await certificateRemains(cloud)),
    ...(await deliveryRemains(cloud)),
    ...cloud.hosting.names.hosts().map((host) => `host ${host}`),
  ];
}

async function networkRemains({ ec2 }: AwsCloud): Promise<string[]> {
  const [groups, addresses, gateways, endpoints] = await Promise.all([
    ec2.send(new DescribeSecurityGroupsCommand({})),
    ec2.send(new DescribeAddressesCommand({})),
    ec2.send(new DescribeNatGatewaysCommand({})),
    ec2.send(new DescribeVpcEndpointsCommand({})),
  ]);
  return [
    ...(groups.SecurityGroups ?? [])
      .filter(({ GroupName }) => GroupName !== "default")
      .map(({ GroupId }) => `security group ${GroupId}`),
    ...(addresses.Addresses ?? []).map(({ AllocationId }) => `address ${AllocationId}`),
    ...(gateways.NatGateways ?? [])
      .filter(({ State }) => State !== "deleted")
      .map(({ NatGatewayId }) => `NAT gateway ${NatGatewayId}`),
    ...(endpoints.VpcEndpoints ?? []).map(({ VpcEndpointId }) => `VPC endpoint ${VpcEndpointId}`),
  ];
}

async function serverRemains({ autoscaling, ec2, elbv2, hosting, iam }: AwsCloud): Promise<string[]> {
  const [groups, templates, balancers, targets, profiles] = await Promise.all([
    autoscaling.send(new DescribeAutoScalingGroupsCommand({})),
    ec2.send(new DescribeLaunchTemplatesCommand({})),
    elbv2.send(new DescribeLoadBalancersCommand({})),
    elbv2.send(new DescribeTargetGroupsCommand({})),
    iam.send(new ListInstanceProfilesCommand({})),
  ]);
  return [
    ...(groups.AutoScalingGroups ?? []).map(({ AutoScalingGroupName }) => `server group ${AutoScalingGroupName}`),
    ...[...hosting.groups.values()].flatMap(({ fleet }) => fleet.targets()).map(({ id }) => `machine ${id}`),
    ...(templates.LaunchTemplates ?? []).map(({ LaunchTemplateName }) => `launch template ${LaunchTemplateName}`),
    ...(balancers.LoadBalancers ?? []).map(({ LoadBalancerName }) => `load balancer ${LoadBalancerName}`),
    ...(targets.TargetGroups ?? []).map(({ TargetGroupName }) => `target group ${TargetGroupName}`),
    ...(profiles.InstanceProfiles ?? []).map(({ InstanceProfileName }) => `instance profile ${InstanceProfileName}`),
  ];
}

/** In the region itself, and in the one from which CloudFront takes certificates. */
async function certificateRemains(cloud: AwsCloud): Promise<string[]> {
  const regions = new Set([cloud, cloud.in("us-east-1")]);
  const lists = await Promise.all([...regions].map(({ acm }) => acm.send(new ListCertificatesCommand({}))));
  return lists
    .flatMap(({ CertificateSummaryList = [] }) => CertificateSummaryList)
    .map(({ DomainName }) => `certificate for ${DomainName}`);
}

async function deliveryRemains({ cloudfront }: AwsCloud): Promise<string[]> {
  const [distributions, controls, policies] = await Promise.all([
    cloudfront.send(new ListDistributionsCommand({})),
    cloudfront.send(new ListOriginAccessControlsCommand({})),
    cloudfront.send(new ListResponseHeadersPoliciesCommand({ Type: "custom" })),
  ]);
  return [
    ...(distributions.DistributionList?.Items ?? []).map(({ Id }) => `distribution ${Id}`),
    ...(controls.OriginAccessControlList?.Items ?? []).map(({ Name }) => `origin access control ${Name}`),
    ...(policies.ResponseHeadersPolicyList?.Items ?? []).map(
      ({ ResponseHeadersPolicy: policy }) => `response headers policy ${policy?.ResponseHeadersPolicyConfig?.Name}`,
    ),
  ];
}
