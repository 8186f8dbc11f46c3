import { cloudConfig, type SiteDocument } from "../../../components/site-document.ts";
import type { Deployed, TestAws } from "./local-aws.ts";

const REGION = "eu-central-1";

/** What may assume a role. @param service @example "ec2.amazonaws.com" */
export const trustIn = (service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
});

/** A VPC with a subnet in each of two zones. */
export async function deployNetwork(aws: TestAws): Promise<{ vpcId: string; subnetIds: string[] }> {
  const vpc = await aws.deploy("aws:ec2/vpc:Vpc", { cidrBlock: "10.16.0.0/16" });
  const subnets = await Promise.all(
    ["a", "b"].map((zone, index) =>
      aws.deploy("aws:ec2/subnet:Subnet", {
        vpcId: vpc.id,
        cidrBlock: `10.16.${index}.0/24`,
        availabilityZone: `${REGION}${zone}`,
      }),
    ),
  );
  return { vpcId: vpc.id, subnetIds: subnets.map(({ id }) => id) };
}

/** A certificate that is validated in a zone of its own; returns its ARN. */
export async function deployCertificate(aws: TestAws, domainName: string, region?: string): Promise<string> {
  const certificate = await aws.deploy("aws:acm/certificate:Certificate", {
    domainName,
    validationMethod: "DNS",
    region,
  });
  const zone = await aws.deploy("aws:route53/zone:Zone", { name: domainName.split(".").slice(1).join(".") });
  const [option] = certificate.properties.domainValidationOptions as Record<string, string>[];
  await aws.deploy("aws:route53/record:Record", {
    zoneId: zone.id,
    name: option?.resourceRecordName,
    type: option?.resourceRecordType,
    ttl: 300,
    records: [option?.resourceRecordValue],
  });
  await aws.deploy("aws:acm/certificateValidation:CertificateValidation", { certificateArn: certificate.id, region });
  return certificate.id;
}

/** A role that servers take on, with rights, and its instance profile. */
export async function deployServerRole(aws: TestAws, statements: object[]): Promise<Deployed> {
  const role = await aws.deploy("aws:iam/role:Role", { assumeRolePolicy: trustIn("ec2.amazonaws.com") });
  const policy = { Version: "2012-10-17", Statement: statements };
  if (statements.length > 0) await aws.deploy("aws:iam/rolePolicy:RolePolicy", { role: role.id, policy });
  return aws.deploy("aws:iam/instanceProfile:InstanceProfile", { role: role.id });
}

/** User data that tells a server where its site's parts are, as a launch template takes it. */
export function userData(site: Partial<SiteDocument>): string {
  const document: SiteDocument = {
    workload: "shop",
    site: "primary",
    appName: "app.example.com",
    port: 8080,
    healthPath: "/healthz",
    content: { kind: "s3", bucket: "nowhere", region: REGION },
    ...site,
  };
  return Buffer.from(cloudConfig(document)).toString("base64");
}
