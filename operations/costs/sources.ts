/** A list or a page that prices were taken from, and when it said so. */
export interface Source {
  title: string;
  /** Day on which the page was read or the list was published, by whoever kept it. */
  date: string;
}

/**
 * Where the prices were found. None of them was read from the vendor itself: all are copies of the vendors' lists and
 * pages that others had published by these days.
 */
export const SOURCES = {
  awsCompute: { title: "AWS Price List, offers of EC2 and S3 in eu-west-1", date: "2026-10-08" },
  awsNat: { title: "AWS Price List, offer of EC2 in eu-west-1", date: "2026-09-25" },
  awsDatabase: { title: "AWS Price List, offer of RDS in eu-west-1", date: "2026-09-04" },
  awsServerless: { title: "AWS Price List, offers of CloudWatch, Lambda and SQS in eu-west-1", date: "2026-10-02" },
  awsDelivery: { title: "Amazon CloudFront pricing, Europe", date: "2026-06-30" },
  awsDns: { title: "Amazon Route 53 pricing", date: "2026-09-20" },
  awsBalancing: { title: "Elastic Load Balancing pricing", date: "2026-09-20" },
  awsPages: { title: "Amazon RDS, AWS CloudTrail and Amazon CloudWatch pricing, US East", date: "2026-06-17" },
  azureCompute: { title: "Azure Retail Prices, virtual machines of germanywestcentral", date: "2026-06-18" },
  azureDatabase: { title: "Azure Retail Prices, MySQL of germanywestcentral", date: "2026-09-06" },
  azureWest: { title: "Azure Retail Prices, westeurope", date: "2026-08-14" },
  azureBalancing: { title: "Azure Retail Prices, Load Balancer, Global", date: "2026-10-01" },
  azureDns: { title: "Azure DNS pricing, Private Zone", date: "2026-10-03" },
  memory: { title: "from memory", date: "2026-11-21" },
} satisfies Record<string, Source>;

export type SourceName = keyof typeof SOURCES;
