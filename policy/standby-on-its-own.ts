import { type Finding, wrong } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";
import { attached, hasRoom, isWithin, ofType, type Resource } from "./kit/resource.ts";

const SERVER = "azure-native:dbformysql:Server";
const SECRET = "azure-native:keyvault:Secret";
const DOMAIN = "azure-native:cdn:AFDCustomDomain";
const ZONE = "azure-native:dns:Zone";
const WORKSPACE = "azure-native:operationalinsights:Workspace";
const DIAGNOSTIC = "azure-native:monitor:DiagnosticSetting";
const SITE = "multicloud-dr:standby:StandbySite";

/**
 * The standby has all that it needs while the primary is gone: the secrets of what it starts, the names that users know,
 * and logs of its own from the first day. One that takes any of these from the primary, or is to be given it by hand on
 * the day, is a standby on paper. The other ways to that are policies of their own: docs/policies.md lists the four.
 *
 * Severity: high. Reference: AWS Well-Architected, REL13-BP04, Manage configuration drift at the DR site or Region.
 */
export const standbyOnItsOwn = policy(
  {
    name: "standby-on-its-own",
    description: "The standby has its secrets, its names and its logs before it needs them.",
    enforcementLevel: "mandatory",
    severity: "high",
    mend: "Declare the standby by a StandbySite, which has them all.",
  },
  { stack: (resources) => (hasRoom(resources, "standby") ? missing(resources) : []) },
);

function missing(all: readonly Resource[]): Finding[] {
  const [site] = ofType(all, SITE);
  return [
    ...ofType(all, SERVER)
      .filter(() => ofType(all, SECRET).length === 0)
      .map((each) => wrong(each, "has no secret in a vault of Azure, so nobody can sign in; write a keyvault.Secret")),
    ...(site ? ofSite(site, all) : []),
    ...ofType(all, "azure-native:storage:StorageAccount")
      .filter((each) => isWithin(each, "standby:Copies") && attached(all, DIAGNOSTIC, "resourceUri", each).length === 0)
      .map((each) => wrong(each, "is in no log; write diagnose() for it")),
  ];
}

function ofSite(site: Resource, all: readonly Resource[]): Finding[] {
  const parts: [type: string, what: string, write: string][] = [
    [DOMAIN, "names that users know", "an AFDCustomDomain for each"],
    [ZONE, "zone of its own for the day that Route 53 is gone", "a dns.Zone"],
    [WORKSPACE, "logs of its own", "an Observability"],
  ];
  return parts
    .filter(([type]) => ofType(all, type).length === 0)
    .map(([, what, write]) => wrong(site, `has no ${what}; write ${write}`));
}
