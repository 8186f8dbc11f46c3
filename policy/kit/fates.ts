/**
 * What regions share with one another: a city, its grid and its cables, by the places that the clouds tell ("AWS Regions
 * and Availability Zones"; "Azure regions list"). Regions of one fate fail together.
 */
export const FATES: Readonly<Record<string, readonly string[]>> = {
  Dublin: ["eu-west-1", "northeurope"],
  London: ["eu-west-2", "uksouth"],
  Paris: ["eu-west-3", "francecentral"],
  Frankfurt: ["eu-central-1", "germanywestcentral"],
  Zurich: ["eu-central-2", "switzerlandnorth"],
  Milan: ["eu-south-1", "italynorth"],
  Spain: ["eu-south-2", "spaincentral"],
  "central Sweden": ["eu-north-1", "swedencentral"],
  "northern Virginia": ["us-east-1", "eastus", "eastus2"],
  Ohio: ["us-east-2"],
  California: ["us-west-1", "westus"],
  "the Columbia's grid": ["us-west-2", "westus2"],
  Quebec: ["ca-central-1", "canadaeast"],
  Calgary: ["ca-west-1"],
  Querétaro: ["mx-central-1", "mexicocentral"],
  "São Paulo": ["sa-east-1", "brazilsouth"],
  Tokyo: ["ap-northeast-1", "japaneast"],
  Osaka: ["ap-northeast-3", "japanwest"],
  Seoul: ["ap-northeast-2", "koreacentral"],
  "Hong Kong": ["ap-east-1", "eastasia"],
  Singapore: ["ap-southeast-1", "southeastasia"],
  Sydney: ["ap-southeast-2", "australiaeast"],
  Melbourne: ["ap-southeast-4", "australiasoutheast"],
  Jakarta: ["ap-southeast-3", "indonesiacentral"],
  "Kuala Lumpur": ["ap-southeast-5", "malaysiawest"],
  Auckland: ["ap-southeast-6", "newzealandnorth"],
  Mumbai: ["ap-south-1", "westindia"],
  Hyderabad: ["ap-south-2"],
  Chennai: ["southindia"],
  "the Emirates": ["me-central-1", "uaenorth", "uaecentral"],
  Bahrain: ["me-south-1"],
  Israel: ["il-central-1", "israelcentral"],
  "Cape Town": ["af-south-1", "southafricawest"],
  Johannesburg: ["southafricanorth"],
  Amsterdam: ["westeurope"],
  Berlin: ["germanynorth"],
  Geneva: ["switzerlandwest"],
  Warsaw: ["polandcentral"],
  Oslo: ["norwayeast"],
  Cardiff: ["ukwest"],
  Chicago: ["northcentralus"],
  Iowa: ["centralus"],
  Texas: ["southcentralus"],
  Wyoming: ["westcentralus"],
  Phoenix: ["westus3"],
  Toronto: ["canadacentral"],
  Pune: ["centralindia"],
};

/** Further fates, or others, as somebody sets them: what they say of a region holds. */
export type Fates = Readonly<Record<string, readonly string[]>>;

/** A region as both clouds' tools write it. @example plainRegion("Germany West Central") // "germanywestcentral" */
export function plainRegion(region: string): string {
  return region.replaceAll(" ", "").toLowerCase();
}

/** What a region shares its fate with; undefined when nobody said. @example fateOf("eu-west-1") // "Dublin" */
export function fateOf(region: string, own: Fates = {}): string | undefined {
  const plain = plainRegion(region);
  const entries = [...Object.entries(own), ...Object.entries(FATES)];
  return entries.find(([, regions]) => regions.some((each) => plainRegion(each) === plain))?.[0];
}
