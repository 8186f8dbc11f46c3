/**
 * Regions of the commercial partition, by code ("AWS Regions", November 2026). A region that opens later is
 * added here; a slip of the pen in a stack file is far more frequent than a new region.
 */
export const AWS_REGIONS = [
  ...["af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1"],
  ...["ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"],
  ...["ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1"],
  ...["eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1"],
  ...["mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"],
];

/** Regions of the public cloud that have availability zones and MySQL Flexible Server, by short name ("Azure regions list", November 2026). */
export const AZURE_REGIONS_WITH_ZONES = [
  ...["australiaeast", "brazilsouth", "canadacentral", "centralindia", "centralus"],
  ...["chilecentral", "eastasia", "eastus", "eastus2", "francecentral", "germanywestcentral"],
  ...["indonesiacentral", "israelcentral", "italynorth", "japaneast", "japanwest", "koreacentral", "malaysiawest"],
  ...["mexicocentral", "newzealandnorth", "northeurope", "norwayeast", "polandcentral", "qatarcentral"],
  ...["southafricanorth", "southcentralus", "southeastasia", "spaincentral", "swedencentral", "switzerlandnorth"],
  ...["uaenorth", "uksouth", "westeurope", "westus2", "westus3"],
];

/** Those of them in which MySQL Flexible Server has no second zone ("Azure regions", Azure Database for MySQL, January 2026). */
export const MYSQL_WITHOUT_SECOND_ZONE = ["indonesiacentral", "japanwest", "spaincentral"];
