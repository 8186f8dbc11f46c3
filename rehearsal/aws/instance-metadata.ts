import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AssumeRoleCommand, type Credentials, STSClient } from "@aws-sdk/client-sts";
import { type AwsEndpoint, clientOptions } from "./cloud.ts";

/** Credentials are renewed so long before they end, in milliseconds, as the real service does. */
const EARLY = 5 * 60_000;

const ROLES = "/latest/meta-data/iam/security-credentials/";

/** What the machines of a group ask who they are: the instance metadata service, version 2 only. */
export interface InstanceMetadata {
  /** For AWS_EC2_METADATA_SERVICE_ENDPOINT. */
  url: string;
  close(): void;
}

/**
 * Serves the credentials of a role to machines, as EC2 does with the role of their instance profile: short-lived,
 * from STS, and with the role's rights and no others.
 *
 * @param session name of the session, which is seen in logs @example "i-0123456789abcdef0"
 * @throws Error when the role can't be assumed
 */
export async function serveInstanceMetadata(
  endpoint: AwsEndpoint,
  region: string,
  roleArn: string,
  session: string,
): Promise<InstanceMetadata> {
  const sts = new STSClient(clientOptions(endpoint, region));
  const role = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  const token = crypto.randomUUID();
  const assume = () =>
    sts
      .send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: session }))
      .then(({ Credentials }) => Credentials as Credentials);
  let current = await assume();

  async function answer({ method, url, headers }: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (method === "PUT" && url === "/latest/api/token") {
      outgoing.writeHead(200, { "x-aws-ec2-metadata-token-ttl-seconds": "21600" }).end(token);
      return;
    }
    // The launch template requires tokens (IMDSv2): who asks without one gets nothing.
    if (headers["x-aws-ec2-metadata-token"] !== token) return void outgoing.writeHead(401).end();
    if (url === ROLES) return void outgoing.writeHead(200).end(role);
    if (url !== `${ROLES}${role}`) return void outgoing.writeHead(404).end();
    if (Number(current.Expiration) - Date.now() < EARLY) current = await assume();
    outgoing.writeHead(200, { "content-type": "application/json" }).end(
      JSON.stringify({
        Code: "Success",
        Type: "AWS-HMAC",
        LastUpdated: new Date().toISOString(),
        AccessKeyId: current.AccessKeyId,
        SecretAccessKey: current.SecretAccessKey,
        Token: current.SessionToken,
        Expiration: current.Expiration?.toISOString(),
      }),
    );
  }

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error) => outgoing.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
    sts.destroy();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
