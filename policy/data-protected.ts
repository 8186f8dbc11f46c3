import { type Demands, demanded, oneOf } from "./kit/demand.ts";
import { type Finding, wrong } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";
import { isWithin, type Resource } from "./kit/resource.ts";

/** What holds data, names that were told to others, or the way back to data. */
const PROTECTED = [
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:backup/vault:Vault",
  "aws:route53/zone:Zone",
  "azure-native:resources:ResourceGroup",
  "azure-native:keyvault:Vault",
  "azure-native:dns:Zone",
  "azure-native:compute:Gallery",
  "azure-native:compute:GalleryImage",
];

/** The same in the accounts that hold copies; other accounts hold what the stack writes anew. */
const PROTECTED_COPIES = [
  "azure-native:storage:StorageAccount",
  "azure-native:storage:BlobServiceProperties",
  "azure-native:storage:BlobContainer",
];

/** Names that the stack writes anew, a room for servers that nobody keeps, and exports that are made again at will. */
const WITHOUT_DATA = ["traffic:PrivateZone", "standby:BootRoom", "replication:ImageReplication"];

const DEMANDS: Demands = {
  "aws:rds/instance:Instance": [oneOf("deletionProtection", true)],
  "aws:lb/loadBalancer:LoadBalancer": [oneOf("enableDeletionProtection", true)],
};

/**
 * Neither the engine nor a cloud deletes what holds data by accident. A policy sees `protect` and does not see
 * `retainOnDelete`; the components' own tests hold those. The standby's MySQL is not asked: one that was made in a drill
 * goes with it, and one that was made in a disaster is retained, of which a policy sees nothing. Private zones hold names
 * that the stack writes anew.
 *
 * Severity: critical. Reference: AWS Well-Architected, SEC08-BP04, Enforce access control.
 */
export const dataProtected = policy(
  {
    name: "data-protected",
    description: "Neither the engine nor a cloud deletes what holds data by accident.",
    enforcementLevel: "mandatory",
    severity: "critical",
    mend: "Set multicloud-dr:protectData to true, its default. To decommission a site, set this policy to advisory for that one `up`.",
  },
  { resource: (resource) => [...unprotected(resource), ...demanded(resource, DEMANDS)] },
);

function unprotected(resource: Resource): Finding[] {
  if (resource.protect || !holdsData(resource)) return [];
  return [wrong(resource, "is not protected; write { protect: true } into its options, or protectData: true")];
}

function holdsData(resource: Resource): boolean {
  if (WITHOUT_DATA.some((component) => isWithin(resource, component))) return false;
  if (PROTECTED.includes(resource.type)) return true;
  return PROTECTED_COPIES.includes(resource.type) && isWithin(resource, "standby:Copies");
}
