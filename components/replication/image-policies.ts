import { policyDocument, writeLog } from "../policy-document.ts";
import { EXPORTS } from "./image-plan.ts";
import { SAY_WHO_I_AM } from "./policies.ts";

/** Lets VM Import/Export take the role on, for this account ("Required service role"). */
export function exporterTrustPolicy(bucketOwner: string): string {
  return policyDocument([
    {
      Sid: "ExportForThisAccount",
      Effect: "Allow",
      Principal: { Service: "vmie.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "sts:ExternalId": "vmimport", "aws:SourceAccount": bucketOwner } },
    },
  ]);
}

/** All that VM Import/Export may do: read the images' snapshots, and write into the one bucket. */
export function exporterPolicy({ bucketArn, region }: { bucketArn: string; region: string }): string {
  return policyDocument([
    {
      Sid: "FindBucket",
      Effect: "Allow",
      Action: ["s3:GetBucketLocation", "s3:GetBucketAcl", "s3:ListBucket"],
      Resource: bucketArn,
    },
    { Sid: "WriteExports", Effect: "Allow", Action: "s3:PutObject", Resource: `${bucketArn}/${EXPORTS}*` },
    {
      Sid: "ReadImages",
      Effect: "Allow",
      Action: ["ec2:DescribeImages", "ec2:DescribeSnapshots", "ec2:DescribeSnapshotAttribute", "ec2:DescribeTags"],
      // "*" because what is described knows no resource.
      Resource: "*",
    },
    {
      Sid: "ShareSnapshots",
      Effect: "Allow",
      // With the service itself, which reads them ("Required service role").
      Action: ["ec2:ModifySnapshotAttribute", "ec2:CopySnapshot"],
      Resource: `arn:aws:ec2:${region}::snapshot/*`,
    },
  ]);
}

/** All that the function may do which carries images: read exports, keep its notes beside them, say who it is. */
export function imageFunctionPolicy({ bucketArn, logGroupArn }: { bucketArn: string; logGroupArn: string }): string {
  return policyDocument([
    { Sid: "ReadExports", Effect: "Allow", Action: "s3:GetObject", Resource: `${bucketArn}/${EXPORTS}*` },
    { Sid: "KeepNotes", Effect: "Allow", Action: "s3:PutObject", Resource: `${bucketArn}/${EXPORTS}*.progress.json` },
    // Without the right to list, S3 answers 403 instead of 404 for what is not there.
    { Sid: "TellGoneFromDenied", Effect: "Allow", Action: "s3:ListBucket", Resource: bucketArn },
    writeLog(logGroupArn),
    SAY_WHO_I_AM,
  ]);
}

/** What the machine that carries images works with. */
export interface ImageMachineResources {
  machineArn: string;
  functionArn: string;
  bucketArn: string;
  exportRoleArn: string;
}

/** All that the machine may do: look at images, have one exported into the one bucket, invoke its function. */
export function imageMachinePolicy(args: ImageMachineResources): string {
  const { bucketArn, exportRoleArn, functionArn, machineArn } = args;
  const [, , , region, account] = machineArn.split(":");
  return policyDocument([
    {
      Sid: "LookAtImages",
      Effect: "Allow",
      Action: ["ec2:DescribeImages", "ec2:DescribeExportImageTasks"],
      // "*" because neither knows a resource.
      Resource: "*",
    },
    {
      Sid: "ExportImages",
      Effect: "Allow",
      Action: "ec2:ExportImage",
      Resource: [`arn:aws:ec2:${region}::image/*`, `arn:aws:ec2:${region}:${account}:export-image-task/*`],
    },
    { Sid: "FindBucket", Effect: "Allow", Action: ["s3:GetBucketLocation", "s3:GetBucketAcl"], Resource: bucketArn },
    {
      Sid: "HandOverTheRole",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: exportRoleArn,
      Condition: { StringEquals: { "iam:PassedToService": "vmie.amazonaws.com" } },
    },
    { Sid: "InvokeFunction", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: functionArn },
    { Sid: "LookForOthers", Effect: "Allow", Action: "states:ListExecutions", Resource: machineArn },
  ]);
}
