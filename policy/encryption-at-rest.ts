import { type Demand, type Demands, demanded, oneOf } from "./kit/demand.ts";
import { type Finding, unknown, wrong } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";
import { at, attached, ofType, type Resource, UNKNOWN } from "./kit/resource.ts";

const SET = (path: string): Demand => ({
  path,
  is: (value) => typeof value === "string" && value !== "",
  write: `${path}: the ARN of a key`,
});

/** Disks of servers, each with its encryption said: an account's default can be turned off. */
const DISKS: Demand = {
  path: "blockDeviceMappings",
  is: (mappings) =>
    Array.isArray(mappings) && mappings.length > 0 && mappings.every(({ ebs }) => String(ebs?.encrypted) === "true"),
  write: 'blockDeviceMappings with ebs: { encrypted: "true" } in each',
};

const DEMANDS: Demands = {
  "aws:rds/instance:Instance": [oneOf("storageEncrypted", true)],
  "aws:rds/cluster:Cluster": [oneOf("storageEncrypted", true)],
  "aws:ebs/volume:Volume": [oneOf("encrypted", true)],
  "aws:efs/fileSystem:FileSystem": [oneOf("encrypted", true)],
  "aws:ec2/launchTemplate:LaunchTemplate": [DISKS],
  "aws:sns/topic:Topic": [SET("kmsMasterKeyId")],
};

const QUEUE = "aws:sqs/queue:Queue";
const BUCKET = "aws:s3/bucket:Bucket";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const ALGORITHMS = ["AES256", "aws:kms", "aws:kms:dsse"];

/**
 * Whatever is stored is encrypted where it is stored: databases, disks, queues, topics, buckets. Azure encrypts storage
 * accounts, disks, vaults and MySQL always and has no setting to turn it off, so nothing is asked of them. That one key
 * does not lock both copies, the audit sees to (no-single-deleter).
 *
 * Severity: high. Reference: AWS Well-Architected, SEC08-BP02, Enforce encryption at rest.
 */
export const encryptionAtRest = policy(
  {
    name: "encryption-at-rest",
    description: "All that is stored is encrypted where it is stored.",
    enforcementLevel: "mandatory",
    severity: "high",
    mend: "Turn encryption on as the message says; a database has to be made anew from a snapshot for it.",
  },
  {
    resource: (resource) => [...demanded(resource, DEMANDS), ...(resource.type === QUEUE ? queue(resource) : [])],
    stack: (resources) => ofType(resources, BUCKET).flatMap((bucket) => encrypted(bucket, resources)),
  },
);

function queue(resource: Resource): Finding[] {
  const ways = [at(resource, "sqsManagedSseEnabled"), at(resource, "kmsMasterKeyId")];
  if (String(ways[0]) === "true" || (typeof ways[1] === "string" && ways[1] !== "")) return [];
  if (ways.includes(UNKNOWN)) return [unknown(resource, "sqsManagedSseEnabled")];
  return [wrong(resource, "does not encrypt its messages; write sqsManagedSseEnabled: true")];
}

function encrypted(bucket: Resource, all: readonly Resource[]): Finding[] {
  const configurations = attached(all, ENCRYPTION, "bucket", bucket);
  if (configurations.length === 0) {
    return [wrong(bucket, "does not say how it encrypts; write a BucketServerSideEncryptionConfiguration for it")];
  }
  return configurations.flatMap((configuration) => {
    const algorithm = at(configuration, "rules", 0, "applyServerSideEncryptionByDefault", "sseAlgorithm");
    if (algorithm === UNKNOWN) return [unknown(configuration, "sseAlgorithm")];
    if (ALGORITHMS.includes(String(algorithm))) return [];
    return [wrong(configuration, `has sseAlgorithm: ${algorithm}; write one of ${ALGORITHMS.join(", ")}`)];
  });
}
