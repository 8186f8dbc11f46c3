import type { Actuator, Registry } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";
import { certificate, certificateValidation } from "./acm.ts";
import { autoScalingGroup } from "./autoscaling-group.ts";
import { autoScalingPolicy } from "./autoscaling-policy.ts";
import { distribution } from "./cloudfront-distribution.ts";
import { originAccessControl, responseHeadersPolicy } from "./cloudfront-policies.ts";
import { eventRule } from "./event-rule.ts";
import { eventSourceMapping } from "./event-source.ts";
import { eventTarget } from "./event-target.ts";
import { functionRecursionConfig } from "./function-recursion.ts";
import { healthCheck } from "./health-check.ts";
import { outboundWebIdentityFederation, role, rolePolicy } from "./iam.ts";
import { instanceProfile, rolePolicyAttachment } from "./instance-profile.ts";
import { lambdaFunction } from "./lambda.ts";
import { launchTemplate } from "./launch-template.ts";
import { listener, listenerRule } from "./listener.ts";
import { loadBalancer } from "./load-balancer.ts";
import { logGroup } from "./logs.ts";
import { eip, natGateway, vpcEndpoint } from "./nat.ts";
import { instance as databaseInstance } from "./rds-instance.ts";
import { parameterGroup } from "./rds-parameter-group.ts";
import { subnetGroup } from "./rds-subnet-group.ts";
import { record } from "./record.ts";
import { regional } from "./regional.ts";
import { resolverEndpoint, resolverRule, resolverRuleAssociation } from "./resolver.ts";
import { route, routeTable, routeTableAssociation } from "./routes.ts";
import { bucket } from "./s3.ts";
import { bucketLifecycle } from "./s3-lifecycle.ts";
import { bucketObjectLock } from "./s3-lock.ts";
import { bucketNotification } from "./s3-notification.ts";
import { bucketEncryption, bucketPolicy, bucketPublicAccessBlock, bucketVersioning } from "./s3-settings.ts";
import { schedule } from "./schedule.ts";
import { secret } from "./secret.ts";
import { secretVersion } from "./secret-version.ts";
import { defaultSecurityGroup, securityGroup } from "./security-group.ts";
import { securityGroupEgressRule, securityGroupIngressRule } from "./security-group-rule.ts";
import { queue, queuePolicy } from "./sqs.ts";
import { stateMachine } from "./state-machine.ts";
import { subnet } from "./subnet.ts";
import { targetGroup } from "./target-group.ts";
import { internetGateway, vpc } from "./vpc.ts";
import { vpnConnection } from "./vpn-connection.ts";
import { customerGateway, vpnGateway, vpnGatewayRoutePropagation } from "./vpn-gateways.ts";
import { zone } from "./zone.ts";

const ACTUATORS: [string, Actuator<AwsCloud>][] = [
  ["aws:acm/certificate:Certificate", certificate],
  ["aws:acm/certificateValidation:CertificateValidation", certificateValidation],

  ["aws:autoscaling/group:Group", autoScalingGroup],
  ["aws:autoscaling/policy:Policy", autoScalingPolicy],

  ["aws:cloudfront/distribution:Distribution", distribution],
  ["aws:cloudfront/originAccessControl:OriginAccessControl", originAccessControl],
  ["aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", responseHeadersPolicy],

  ["aws:cloudwatch/eventRule:EventRule", eventRule],
  ["aws:cloudwatch/eventTarget:EventTarget", eventTarget],
  ["aws:cloudwatch/logGroup:LogGroup", logGroup],

  ["aws:ec2/customerGateway:CustomerGateway", customerGateway],
  ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", defaultSecurityGroup],
  ["aws:ec2/eip:Eip", eip],
  ["aws:ec2/internetGateway:InternetGateway", internetGateway],
  ["aws:ec2/launchTemplate:LaunchTemplate", launchTemplate],
  ["aws:ec2/natGateway:NatGateway", natGateway],
  ["aws:ec2/route:Route", route],
  ["aws:ec2/routeTable:RouteTable", routeTable],
  ["aws:ec2/routeTableAssociation:RouteTableAssociation", routeTableAssociation],
  ["aws:ec2/securityGroup:SecurityGroup", securityGroup],
  ["aws:ec2/subnet:Subnet", subnet],
  ["aws:ec2/vpc:Vpc", vpc],
  ["aws:ec2/vpcEndpoint:VpcEndpoint", vpcEndpoint],
  ["aws:ec2/vpnConnection:VpnConnection", vpnConnection],
  ["aws:ec2/vpnGateway:VpnGateway", vpnGateway],
  ["aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation", vpnGatewayRoutePropagation],

  ["aws:iam/instanceProfile:InstanceProfile", instanceProfile],
  ["aws:iam/outboundWebIdentityFederation:OutboundWebIdentityFederation", outboundWebIdentityFederation],
  ["aws:iam/role:Role", role],
  ["aws:iam/rolePolicy:RolePolicy", rolePolicy],
  ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", rolePolicyAttachment],

  ["aws:lambda/eventSourceMapping:EventSourceMapping", eventSourceMapping],
  ["aws:lambda/function:Function", lambdaFunction],
  ["aws:lambda/functionRecursionConfig:FunctionRecursionConfig", functionRecursionConfig],

  ["aws:lb/listener:Listener", listener],
  ["aws:lb/listenerRule:ListenerRule", listenerRule],
  ["aws:lb/loadBalancer:LoadBalancer", loadBalancer],
  ["aws:lb/targetGroup:TargetGroup", targetGroup],

  ["aws:rds/instance:Instance", databaseInstance],
  ["aws:rds/parameterGroup:ParameterGroup", parameterGroup],
  ["aws:rds/subnetGroup:SubnetGroup", subnetGroup],

  ["aws:route53/healthCheck:HealthCheck", healthCheck],
  ["aws:route53/record:Record", record],
  ["aws:route53/resolverEndpoint:ResolverEndpoint", resolverEndpoint],
  ["aws:route53/resolverRule:ResolverRule", resolverRule],
  ["aws:route53/resolverRuleAssociation:ResolverRuleAssociation", resolverRuleAssociation],
  ["aws:route53/zone:Zone", zone],

  ["aws:s3/bucket:Bucket", bucket],
  ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", bucketLifecycle],
  ["aws:s3/bucketNotification:BucketNotification", bucketNotification],
  ["aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", bucketObjectLock],
  ["aws:s3/bucketPolicy:BucketPolicy", bucketPolicy],
  ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", bucketPublicAccessBlock],
  ["aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", bucketEncryption],
  ["aws:s3/bucketVersioning:BucketVersioning", bucketVersioning],

  ["aws:scheduler/schedule:Schedule", schedule],

  ["aws:secretsmanager/secret:Secret", secret],
  ["aws:secretsmanager/secretVersion:SecretVersion", secretVersion],

  ["aws:sfn/stateMachine:StateMachine", stateMachine],

  ["aws:sqs/queue:Queue", queue],
  ["aws:sqs/queuePolicy:QueuePolicy", queuePolicy],

  ["aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", securityGroupEgressRule],
  ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", securityGroupIngressRule],
];

/** What the local AWS makes real. A type that is not here is only recorded. */
export const AWS_ACTUATORS: Registry<AwsCloud> = new Map(
  ACTUATORS.map(([token, actuator]) => [token, regional(token, actuator)]),
);
