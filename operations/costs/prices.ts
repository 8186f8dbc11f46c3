import { SOURCES, type SourceName } from "./sources.ts";

/**
 * How good a price is. `listed`: the list of this very region. `near`: the list of another region, which had the same
 * price wherever both were seen, or has it everywhere. `derived`: reckoned from listed ones, as the note says.
 * `recalled`: from memory, to be looked up before anybody relies on it.
 */
export type Grade = "listed" | "near" | "derived" | "recalled";

/** What one unit of something costs, in US dollars, on demand, without taxes and free allowances. */
export interface Price {
  usd: number;
  unit: string;
  grade: Grade;
  source: SourceName;
  note?: string;
}

/** The regions that the table is of. Others differ by some percent, the two clouds mostly alike. */
export const PRICED_REGIONS = { aws: "eu-west-1", azure: "germanywestcentral" };

/** The table. To bring it up to date: see docs/costs.md. Sizes of servers and databases are in sizes.ts. */
export const PRICES = {
  // AWS: network and balancing
  natHour: price(0.048, "hour", "listed", "awsNat"),
  natGb: price(0.048, "GB", "listed", "awsNat"),
  publicAddressHour: price(0.005, "hour", "listed", "awsCompute"),
  balancerHour: price(0.0252, "hour", "derived", "awsBalancing", "as an invoice of eu-west-1 shows it"),
  balancerUnitHour: price(0.008, "LCU-hour", "near", "awsBalancing"),
  egressGb: price(0.09, "GB", "listed", "awsCompute"),
  betweenZonesGb: price(0.02, "GB", "recalled", "memory", "0.01 on each side"),
  vpnConnectionHour: price(0.05, "hour", "recalled", "memory"),

  // AWS: storage, databases, delivery
  volumeGb: price(0.088, "GB-month", "listed", "awsCompute"),
  databaseStorageGb: price(0.127, "GB-month", "listed", "awsDatabase"),
  databaseStorageTwoZonesGb: price(0.253, "GB-month", "listed", "awsDatabase"),
  databaseBackupGb: price(0.095, "GB-month", "near", "awsPages"),
  objectGb: price(0.023, "GB-month", "listed", "awsCompute"),
  formerObjectGb: price(0.004, "GB-month", "listed", "awsCompute", "Glacier Instant Retrieval"),
  objectWrites: price(0.005, "1,000", "listed", "awsCompute"),
  objectReads: price(0.0004, "1,000", "listed", "awsCompute"),
  objectBackupGb: price(0.05, "GB-month", "recalled", "memory", "AWS Backup, warm"),
  deliveryGb: price(0.085, "GB", "listed", "awsDelivery"),
  deliveryRequests: price(1.2, "million", "listed", "awsDelivery"),

  // AWS: what watches and what copies
  logGb: price(0.57, "GB", "listed", "awsServerless"),
  logStorageGb: price(0.03, "GB-month", "listed", "awsServerless"),
  alarm: price(0.1, "alarm", "listed", "awsServerless"),
  metric: price(0.3, "metric", "near", "awsPages"),
  trailEvents: price(0.1, "100,000", "near", "awsPages"),
  secret: price(0.4, "secret", "recalled", "memory"),
  key: price(1, "key", "recalled", "memory"),
  queueRequests: price(0.4, "million", "listed", "awsServerless"),
  functionRequests: price(0.2, "million", "listed", "awsServerless"),
  stateTransitions: price(0.025, "1,000", "recalled", "memory"),
  functionGbSeconds: price(13.3334, "million GB-s", "listed", "awsServerless", "arm64"),

  // AWS: Route 53, the same everywhere
  zone: price(0.5, "zone", "near", "awsDns"),
  dnsQueries: price(0.4, "million", "near", "awsDns"),
  foreignCheck: price(0.75, "check", "near", "awsDns"),
  foreignCheckFeature: price(2, "feature", "near", "awsDns"),
  resolverAddressHour: price(0.125, "hour", "near", "awsDns", "each address of an endpoint of Route 53's resolver"),
  calculatedCheck: price(0.5, "check", "recalled", "memory", "as a check of an endpoint on AWS, without options"),

  // Azure: network, edge, gateways
  azureAddressHour: price(0.005, "hour", "near", "azureWest"),
  azureNatHour: price(0.045, "hour", "recalled", "memory"),
  azureNatGb: price(0.045, "GB", "recalled", "memory"),
  azureBalancerHour: price(0.025, "hour", "near", "azureBalancing", "up to five rules"),
  azureBalancerGb: price(0.005, "GB", "near", "azureBalancing"),
  azureZone: price(0.5, "zone", "near", "azureDns"),
  azurePublicZone: price(0.5, "zone", "recalled", "memory", "each of the first 25"),
  azureResolverHour: price(0.25, "hour", "recalled", "memory", "an inbound endpoint, 180 in a month of 720 hours"),
  frontDoorBase: price(35, "profile", "near", "azureWest", "the same in every zone"),
  frontDoorGb: price(0.0825, "GB", "near", "azureWest", "zone 1: Europe and North America"),
  frontDoorOriginGb: price(0.02, "GB", "near", "azureWest", "from the edge to the origin"),
  frontDoorRequests: price(0.9, "million", "near", "azureWest"),
  vpnGatewayHour: price(0.54, "hour", "near", "azureWest", "VpnGw2AZ"),

  // Azure: storage, databases, logs, functions
  diskP4: price(5.8072, "disk", "near", "azureWest"),
  mysqlStorageGb: price(0.137, "GB-month", "listed", "azureDatabase"),
  mysqlOperations: price(0.26, "million", "near", "azureWest", "autoscaled IOPS"),
  mysqlOperationsTwoZones: price(0.325, "million", "near", "azureWest", "autoscaled IOPS"),
  blobHotGb: price(0.024, "GB-month", "near", "azureWest", "zone-redundant, as all blobs here"),
  blobCoolGb: price(0.0131, "GB-month", "near", "azureWest"),
  blobColdGb: price(0.005, "GB-month", "near", "azureWest"),
  blobHotWrites: price(0.0675, "10,000", "near", "azureWest"),
  blobCoolWrites: price(0.1, "10,000", "near", "azureWest"),
  blobColdWrites: price(0.2, "10,000", "near", "azureWest"),
  blobHotReads: price(0.0043, "10,000", "near", "azureWest"),
  blobCoolReads: price(0.01, "10,000", "near", "azureWest"),
  blobColdReads: price(0.1, "10,000", "near", "azureWest"),
  blobCoolRetrievalGb: price(0.01, "GB", "near", "azureWest"),
  blobColdRetrievalGb: price(0.03, "GB", "near", "azureWest"),
  pageBlobGb: price(0.05625, "GB-month", "near", "azureWest"),
  imageGb: price(0.05, "GB-month", "near", "azureWest", "snapshots, zone-redundant"),
  azureLogGb: price(2.99, "GB", "near", "azureWest"),
  azureLogStorageGb: price(0.13, "GB-month", "near", "azureWest", "beyond the first 31 days"),
  logAlertEach5Minutes: price(1.5, "rule", "recalled", "memory"),
  logAlertEach15Minutes: price(0.5, "rule", "recalled", "memory"),
  vaultOperations: price(0.03, "10,000", "near", "azureWest"),
  azureFunctionGbSeconds: price(26, "million GB-s", "near", "azureWest", "Flex Consumption"),
  azureFunctionRuns: price(0.4, "million", "near", "azureWest", "Flex Consumption"),
} satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICES;

/** First and last day of the sources: a price is as old as its source. */
export function priceDates(): { from: string; to: string } {
  const days = Object.values(SOURCES)
    .filter(({ title }) => title !== SOURCES.memory.title)
    .map(({ date }) => date)
    .sort();
  return { from: days[0] as string, to: days.at(-1) as string };
}

function price(usd: number, unit: string, grade: Grade, source: SourceName, note?: string): Price {
  return { usd, unit, grade, source, ...(note && { note }) };
}
