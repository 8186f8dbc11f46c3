import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { referenceRefusals } from "./references.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

interface Profile {
  name?: string;
  capacity?: { minimum?: string; maximum?: string; default?: string };
  rules?: unknown[];
}

const SOURCE = "(Autoscale Settings - Create Or Update)";
const NAMES = "Microsoft.Insights/autoscaleSettings";

/** Most profiles of a setting, and most rules of a profile ("Azure Monitor service limits"). */
const MOST_PROFILES = 20;
const MOST_RULES = 10;

/** azure-native:monitor:AutoscaleSetting. Its bounds are kept; its rules would need load that nobody measures here. */
export const autoscaleSetting = armActuator({
  id: (inputs, cloud) => inGroup(cloud, inputs.resourceGroupName, `${NAMES}/${inputs.autoscaleSettingName}`),
  name: {
    property: "autoscaleSettingName",
    pattern: /^[^<>%&#?/]{1,260}$/,
    rule: "1 to 260 characters without < > % & # ? and / (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  replaceOn: ["targetResourceUri"],
  check: refusals,
  onWrite: async ({ enabled, profiles, targetResourceUri }, id, { scaleSets }) => {
    // The bounds of the default profile; none while the setting is off.
    const { minimum, maximum } = (profiles as Profile[])[0]?.capacity ?? {};
    const limits = { settingId: id, minimum: Number(minimum), maximum: Number(maximum) };
    if (enabled === true) await scaleSets.limit(String(targetResourceUri), limits);
    else scaleSets.unlimit(id);
  },
});

function refusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const uri = inputs.targetResourceUri as string | undefined;
  const profiles = inputs.profiles as Profile[] | undefined;
  const target = referenceRefusals(
    "targetResourceUri",
    { id: uri },
    "Microsoft.Compute/virtualMachineScaleSets",
    cloud,
  );
  if (!profiles) return target;
  const count =
    profiles.length === 0 || profiles.length > MOST_PROFILES
      ? [{ property: "profiles", reason: `${profiles.length} profiles; expected 1 to ${MOST_PROFILES} ${SOURCE}` }]
      : [];
  return [...target, ...count, ...profiles.flatMap(profileRefusals)];
}

function profileRefusals({ capacity, rules = [] }: Profile, index: number): Refusal[] {
  const property = `profiles[${index}]`;
  const { minimum, maximum, default: usual } = capacity ?? {};
  const [least, most, between] = [minimum, maximum, usual].map((count) =>
    count === undefined ? Number.NaN : Number(count),
  );
  const found: Refusal[] = [];
  if (!(Number(least) >= 0 && Number(least) <= Number(between) && Number(between) <= Number(most))) {
    const reason = `minimum ${minimum}, default ${usual}, maximum ${maximum}; expected numbers that do not fall ${SOURCE}`;
    found.push({ property: `${property}.capacity`, reason });
  }
  if (rules.length > MOST_RULES) {
    found.push({ property: `${property}.rules`, reason: `${rules.length} rules; at most ${MOST_RULES} ${SOURCE}` });
  }
  return found;
}
