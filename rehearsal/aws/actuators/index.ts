import type { Actuator, Registry } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";
import { eventSourceMapping } from "./event-source.ts";
import { outboundWebIdentityFederation, role, rolePolicy } from "./iam.ts";
import { lambdaFunction } from "./lambda.ts";
import { logGroup } from "./logs.ts";
import { record } from "./record.ts";
import { route, routeTable, routeTableAssociation } from "./routes.ts";
import { bucket } from "./s3.ts";
import { bucketNotification } from "./s3-notification.ts";
import { bucketEncryption, bucketPolicy, bucketPublicAccessBlock, bucketVersioning } from "./s3-settings.ts";
import { queue, queuePolicy } from "./sqs.ts";
import { subnet } from "./subnet.ts";
import { internetGateway, vpc } from "./vpc.ts";
import { zone } from "./zone.ts";

/** What the local AWS makes real. A type that is not here is only recorded. */
export const AWS_ACTUATORS: Registry<AwsCloud> = new Map<string, Actuator<AwsCloud>>([
  ["aws:cloudwatch/logGroup:LogGroup", logGroup],

  ["aws:ec2/internetGateway:InternetGateway", internetGateway],
  ["aws:ec2/route:Route", route],
  ["aws:ec2/routeTable:RouteTable", routeTable],
  ["aws:ec2/routeTableAssociation:RouteTableAssociation", routeTableAssociation],
  ["aws:ec2/subnet:Subnet", subnet],
  ["aws:ec2/vpc:Vpc", vpc],

  ["aws:iam/outboundWebIdentityFederation:OutboundWebIdentityFederation", outboundWebIdentityFederation],
  ["aws:iam/role:Role", role],
  ["aws:iam/rolePolicy:RolePolicy", rolePolicy],

  ["aws:lambda/eventSourceMapping:EventSourceMapping", eventSourceMapping],
  ["aws:lambda/function:Function", lambdaFunction],

  ["aws:route53/record:Record", record],
  ["aws:route53/zone:Zone", zone],

  ["aws:s3/bucket:Bucket", bucket],
  ["aws:s3/bucketNotification:BucketNotification", bucketNotification],
  ["aws:s3/bucketPolicy:BucketPolicy", bucketPolicy],
  ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", bucketPublicAccessBlock],
  ["aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", bucketEncryption],
  ["aws:s3/bucketVersioning:BucketVersioning", bucketVersioning],

  ["aws:sqs/queue:Queue", queue],
  ["aws:sqs/queuePolicy:QueuePolicy", queuePolicy],
]);
