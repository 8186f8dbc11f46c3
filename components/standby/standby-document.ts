import * as pulumi from "@pulumi/pulumi";
import type { SiteDocument } from "../site-document.ts";
import type { Copies } from "./copies.ts";
import type { Database } from "./database.ts";
import type { SecretCopies } from "./secret-copies.ts";

export interface StandbyDocumentArgs {
  workload: string;
  /** Name by which users know the app. @example "app.example.com" */
  appName: string;
  /** Port on which the app listens. */
  port: number;
  healthPath: string;
  databaseName: string;
  /** There while the plan has one. */
  database: Database | undefined;
  content: Copies;
  secrets: SecretCopies;
}

/** What whoever serves at the standby has to know, but for who it is itself. */
export function standbyDocument({
  database,
  content,
  secrets,
  ...args
}: StandbyDocumentArgs): pulumi.Output<SiteDocument> {
  return pulumi.output({
    workload: args.workload,
    site: "standby" as const,
    appName: args.appName,
    port: args.port,
    healthPath: args.healthPath,
    database: database && {
      host: database.host,
      port: database.port,
      name: args.databaseName,
      secret: database.secretId,
    },
    content: { kind: "blob" as const, endpoint: content.blobEndpoint, container: content.containerName },
    secretsVault: secrets.vaultUri,
  });
}
