import { type Demands, demanded, holdsUnknown, never, oneOf } from "./kit/demand.ts";
import { type Finding, unknown, wrong } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";
import { at, attached, listAt, numberAt, ofType, type Resource, textAt, UNKNOWN } from "./kit/resource.ts";
import { isForAnybody, statementsOf } from "./kit/statements.ts";

const DEMANDS: Demands = {
  "aws:rds/instance:Instance": [never("publiclyAccessible", true, "publiclyAccessible: false")],
  "azure-native:dbformysql:Server": [oneOf("network.publicNetworkAccess", "Disabled")],
  "azure-native:storage:StorageAccount": [oneOf("allowBlobPublicAccess", false)],
  "azure-native:containerregistry:Registry": [oneOf("anonymousPullEnabled", false)],
  "azure-native:storage:BlobContainer": [oneOf("publicAccess", "None")],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": [
    ...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map((path) =>
      oneOf(path, true),
    ),
  ],
};

/** Properties that say who may come to a resource from outside. */
const POLICIES: Record<string, string> = {
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
  "aws:sns/topicPolicy:TopicPolicy": "policy",
  "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
  "aws:kms/keyPolicy:KeyPolicy": "policy",
};

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const NETWORK_RULES = "azure-native:network:NetworkSecurityGroup";
const ANYWHERE = ["0.0.0.0/0", "::/0"];
const ANYBODY = ["*", "Internet", "0.0.0.0/0"];
/**
 * Where the whole world may come in: what users speak, the standby's servers behind their load balancer, and the proxy
 * of Container Apps.
 */
const OPEN_PORTS: readonly (string | number)[] = [80, 443, "80", "443", "8443", "31443"];
const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

/**
 * Nobody without a name gets at data: no public database, bucket, container, queue or topic, and nothing but the users'
 * own ports is open to the world. A static website is public without `allowBlobPublicAccess`; the declaration marker is
 * one on purpose, and holds nothing else.
 *
 * Severity: critical. Reference: AWS Well-Architected, SEC03-BP07, Analyze public and cross-account access.
 */
export const noPublicData = policy(
  {
    name: "no-public-data",
    description: "Nobody without a name gets at data.",
    enforcementLevel: "mandatory",
    severity: "critical",
    mend: "Close it to the world as the message says, and name who may come.",
  },
  {
    resource: (resource) => [...demanded(resource, DEMANDS), ...openTo(resource), ...ports(resource)],
    stack: (resources) =>
      ofType(resources, BUCKET)
        .filter((bucket) => attached(resources, BLOCK, "bucket", bucket).length === 0)
        .map((bucket) => wrong(bucket, "may be made public; write a BucketPublicAccessBlock for it, all four: true")),
  },
);

function openTo(resource: Resource): Finding[] {
  const property = POLICIES[resource.type];
  if (property === undefined) return [];
  const { statements, findings } = statementsOf(resource, property);
  const open = statements.filter((each) => each.Effect === "Allow" && isForAnybody(each) && !each.Condition);
  return [
    ...findings,
    ...open.map(({ Sid = "without a Sid" }) =>
      wrong(resource, `allows everybody something (statement ${Sid}); write the principals by name`),
    ),
  ];
}

function ports(resource: Resource): Finding[] {
  if (resource.type === INGRESS) return ingress(resource);
  return resource.type === NETWORK_RULES ? networkRules(resource) : [];
}

function ingress(rule: Resource): Finding[] {
  const sources = [at(rule, "cidrIpv4"), at(rule, "cidrIpv6")];
  if (sources.includes(UNKNOWN)) return [unknown(rule, "cidrIpv4")];
  if (!sources.some((source) => ANYWHERE.includes(String(source)))) return [];
  const [from, to] = [numberAt(rule, "fromPort"), numberAt(rule, "toPort")];
  if (from !== undefined && from === to && OPEN_PORTS.includes(from)) return [];
  return [wrong(rule, `opens ports ${from} to ${to} to the world; write the range or the group that may come`)];
}

function networkRules(group: Resource): Finding[] {
  if (holdsUnknown(at(group, "securityRules"))) return [unknown(group, "securityRules")];
  return listAt(group, "securityRules").flatMap((_, index) => {
    const field = (name: string) => textAt(group, "securityRules", index, name);
    if (field("direction") !== "Inbound" || field("access") !== "Allow") return [];
    if (!ANYBODY.includes(field("sourceAddressPrefix") ?? "")) return [];
    const port = field("destinationPortRange");
    if (port !== undefined && OPEN_PORTS.includes(port)) return [];
    return [
      wrong(group, `opens port ${port} to the world (rule ${field("name")}); write sourceAddressPrefix: a range`),
    ];
  });
}
