import { type Demand, type Demands, demanded, holdsUnknown, judged, oneOf } from "./kit/demand.ts";
import { type Finding, unknown, wrong } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";
import { at, attached, listAt, numberAt, ofType, type Resource, textAt, UNKNOWN } from "./kit/resource.ts";
import { deniesPlainText, statementsOf } from "./kit/statements.ts";

const starts = (path: string, start: string, write: string): Demand => ({
  path,
  is: (value) => String(value).startsWith(start),
  write: `${path}: ${write}`,
});

const MYSQL_PARAMETER: Demand = {
  path: "parameters",
  is: (parameters) =>
    Array.isArray(parameters) &&
    parameters.some(({ name, value }) => name === "require_secure_transport" && ["1", "ON"].includes(String(value))),
  write: 'parameters with { name: "require_secure_transport", value: "1" }',
};

const DEMANDS: Demands = {
  "aws:cloudfront/distribution:Distribution": [
    oneOf("defaultCacheBehavior.viewerProtocolPolicy", "redirect-to-https", "https-only"),
    starts("viewerCertificate.minimumProtocolVersion", "TLSv1.2", "TLSv1.2_2021"),
  ],
  "aws:rds/parameterGroup:ParameterGroup": [MYSQL_PARAMETER],
  "azure-native:storage:StorageAccount": [
    oneOf("enableHttpsTrafficOnly", true),
    oneOf("minimumTlsVersion", "TLS1_2", "TLS1_3"),
  ],
  "azure-native:web:WebApp": [oneOf("httpsOnly", true)],
  "azure-native:cdn:Route": [oneOf("httpsRedirect", "Enabled"), oneOf("forwardingProtocol", "HttpsOnly")],
  "azure-native:cdn:AFDCustomDomain": [oneOf("tlsSettings.minimumTlsVersion", "TLS12", "TLS13")],
};

const OF_TYPE: Record<string, (resource: Resource) => Finding[]> = {
  "aws:lb/listener:Listener": listener,
  "azure-native:cdn:AFDOrigin": origin,
};
const CONFIGURATION = "azure-native:dbformysql:Configuration";
const SERVER = "azure-native:dbformysql:Server";
const BUCKET = "aws:s3/bucket:Bucket";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";

/**
 * Whatever leaves a network is encrypted on its way, with TLS 1.2 or newer, on both clouds alike. From the load balancer
 * to the servers behind it plain HTTP will do: that way does not leave the VPC, and the servers hear nobody else
 * (no-public-data). Nor has Front Door to compare the name in the certificate of a host at `cloudapp.azure.com`: the
 * servers' certificate is for the name that users know.
 *
 * Severity: high. Reference: AWS Well-Architected, SEC09-BP02, Enforce encryption in transit.
 */
export const encryptionInTransit = policy(
  {
    name: "encryption-in-transit",
    description: "All that leaves a network is encrypted on its way.",
    enforcementLevel: "mandatory",
    severity: "high",
    mend: "Allow TLS 1.2 or newer only, and send plain HTTP on to HTTPS, as the message says.",
  },
  {
    resource: (resource) => [...demanded(resource, DEMANDS), ...(OF_TYPE[resource.type]?.(resource) ?? [])],
    stack: (resources) => [
      ...ofType(resources, BUCKET).flatMap((bucket) => refusing(bucket, resources)),
      ...ofType(resources, SERVER).flatMap((server) => secure(server, resources)),
    ],
  },
);

function listener(resource: Resource): Finding[] {
  const protocol = textAt(resource, "protocol");
  if (protocol === "TLS" || protocol === "HTTPS") return tls(resource);
  if (at(resource, "protocol") === UNKNOWN) return [unknown(resource, "protocol")];
  if (holdsUnknown(at(resource, "defaultActions"))) return [unknown(resource, "defaultActions")];
  const redirected = listAt(resource, "defaultActions").every(
    (_, index) => textAt(resource, "defaultActions", index, "redirect", "protocol") === "HTTPS",
  );
  if (redirected && listAt(resource, "defaultActions").length > 0) return [];
  const port = numberAt(resource, "port");
  return [wrong(resource, `serves ${protocol} on port ${port}; write a defaultAction that redirects to HTTPS`)];
}

function origin(resource: Resource): Finding[] {
  if (/\.cloudapp\.azure\.com$/.test(textAt(resource, "hostName") ?? "")) return [];
  const findings = judged(resource, oneOf("enforceCertificateNameCheck", true));
  return at(resource, "hostName") === UNKNOWN && findings.length > 0 ? [unknown(resource, "hostName")] : findings;
}

function tls(resource: Resource): Finding[] {
  const policy = textAt(resource, "sslPolicy");
  if (at(resource, "sslPolicy") === UNKNOWN) return [unknown(resource, "sslPolicy")];
  if (policy?.includes("TLS13-1-2")) return [];
  return [
    wrong(resource, `has sslPolicy: ${policy}; write ELBSecurityPolicy-TLS13-1-2-2021-06, or one that is as strict`),
  ];
}

/** S3 answers over plain HTTP too, unless the bucket's own policy denies that. */
function refusing(bucket: Resource, all: readonly Resource[]): Finding[] {
  const read = attached(all, BUCKET_POLICY, "bucket", bucket).map((each) => statementsOf(each, "policy"));
  const findings = read.flatMap((each) => each.findings);
  if (findings.length > 0 || read.some(({ statements }) => statements.some(deniesPlainText))) return findings;
  return [
    wrong(
      bucket,
      'answers over plain HTTP; write a BucketPolicy that denies s3:* where aws:SecureTransport is "false"',
    ),
  ];
}

function secure(server: Resource, all: readonly Resource[]): Finding[] {
  const settings = attached(all, CONFIGURATION, "serverName", server);
  // Azure answers with the name alone.
  const nameOf = (each: Resource) => textAt(each, "configurationName") ?? textAt(each, "name");
  const set = settings.find((each) => nameOf(each) === "require_secure_transport");
  if (set && at(set, "value") === UNKNOWN) return [unknown(set, "value")];
  if (set && textAt(set, "value")?.toUpperCase() === "ON") return [];
  return [wrong(server, "takes connections without TLS; write a Configuration require_secure_transport: ON for it")];
}
