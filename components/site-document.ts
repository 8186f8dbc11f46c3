/**
 * What a server of either site has to know to serve the workload. It reaches the server as its user data, a
 * cloud-config that writes this as JSON to {@link SITE_DOCUMENT_PATH}; the image's service reads it at boot.
 */
export interface SiteDocument {
  workload: string;
  site: "primary" | "standby";
  /** Name by which users know the app: who ends TLS has a certificate for it. @example "app.example.com" */
  appName: string;
  /** Port on which the app listens, 8080 at the primary (behind TLS), 8443 with TLS of its own at the standby. */
  port: number;
  /** Path that answers 200 only while the app, its database and its content are well. @example "/healthz" */
  healthPath: string;
  database?: {
    host: string;
    port: number;
    name: string;
    /**
     * Where the credentials are: ARN of a secret in Secrets Manager with JSON `{"username","password"}`, or the
     * https id of a Key Vault secret with the same JSON.
     */
    secret: string;
  };
  /** Where the content is read: the bucket at the primary, the container of the copies at the standby. */
  content: { kind: "s3"; bucket: string; region: string } | { kind: "blob"; endpoint: string; container: string };
  /**
   * Where the copies of the primary's secrets are read, under names that docs/secrets.md tells; standby only.
   * @example "https://shop-secrets-0a1b2c3d.vault.azure.net/"
   */
  secretsVault?: string;
  /** Client id of the user-assigned identity that the server signs in with; Azure only. */
  identityClientId?: string;
}

/** Where a server finds its site document. */
export const SITE_DOCUMENT_PATH = "/etc/multicloud-dr/site.json";

/**
 * The cloud-config that leaves the site document on a server's disk. JSON is YAML, so nothing needs quoting; but
 * cloud-init's reader takes some characters beyond ASCII for ends of lines and refuses others, so there are none.
 */
export function cloudConfig(document: SiteDocument): string {
  const file = { path: SITE_DOCUMENT_PATH, permissions: "0644", content: asciiJson(document) };
  return `#cloud-config\n${JSON.stringify({ write_files: [file] })}\n`;
}

function asciiJson(value: object): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
