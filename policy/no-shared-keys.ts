import { type Demands, demanded, holdsUnknown, oneOf } from "./kit/demand.ts";
import { type Finding, unknown, wrong } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";
import { isWithin, type Resource, UNKNOWN } from "./kit/resource.ts";
import { KEY_REASONS } from "./reasons.ts";

const DEMANDS: Demands = {
  "azure-native:storage:StorageAccount": [oneOf("allowSharedKeyAccess", false)],
  "azure-native:containerregistry:Registry": [oneOf("adminUserEnabled", false)],
  "azure-native:operationalinsights:Workspace": [oneOf("features.disableLocalAuth", true)],
  "azure-native:keyvault:Vault": [oneOf("properties.enableRbacAuthorization", true)],
};

/** Resources that are a key, and nobody's in particular. */
const KEYS: Record<string, string> = {
  "aws:iam/accessKey:AccessKey": "assume a role instead, or sign in by federation",
  "aws:iam/user:User": "let people sign in by IAM Identity Center, and machines by roles",
  "azuread:index/applicationPassword:ApplicationPassword": "write a federated credential",
  "azuread:index/servicePrincipalPassword:ServicePrincipalPassword": "write a federated credential",
};

/** What a key or a signature looks like in a setting, and what makes one in a template. */
const SIGNS = /AccountKey=|SharedAccessSignature|[?&]sig=|list(?:Account|Service)?(?:Sas|Keys)\(/i;
const SETTINGS = ["azure-native:web:WebAppApplicationSettings", "azure-native:resources:Deployment"];

/**
 * Whoever reaches data is somebody: no account keys, no signatures, no keys of users. Who has a key is nobody in
 * particular, cannot be fenced in a disaster, and is in no trail.
 *
 * Severity: high. Reference: AWS Well-Architected, SEC02-BP02, Use temporary credentials.
 */
export const noSharedKeys = policy(
  {
    name: "no-shared-keys",
    description: "Whoever reaches data is somebody, by a role; no key is shared.",
    enforcementLevel: "mandatory",
    severity: "high",
    mend: "Give an identity a role instead; where nothing else works, write the component and the reason into policy/reasons.ts.",
  },
  {
    resource: (resource) =>
      hasReason(resource) ? [] : [...demanded(resource, DEMANDS), ...keys(resource), ...settings(resource)],
  },
);

function hasReason(resource: Resource): boolean {
  return Object.keys(KEY_REASONS).some((component) => isWithin(resource, component));
}

function keys(resource: Resource): Finding[] {
  const instead = KEYS[resource.type];
  return instead === undefined ? [] : [wrong(resource, `is a key that anybody can use who has it; ${instead}`)];
}

function settings(resource: Resource): Finding[] {
  if (!SETTINGS.includes(resource.type)) return [];
  const text = JSON.stringify(resource.props, (_, value) => (value === UNKNOWN ? undefined : value));
  const [sign] = SIGNS.exec(text) ?? [];
  if (sign === undefined) return holdsUnknown(resource.props.properties) ? [unknown(resource, "properties")] : [];
  return [wrong(resource, `has a key or a signature in it (${sign}); write an identity and a role instead`)];
}
