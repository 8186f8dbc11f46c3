import { GetWebIdentityTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { ClientAssertionCredential, type TokenCredential } from "@azure/identity";
import { TOKEN_EXCHANGE_AUDIENCE } from "./audience.ts";
import { authorityOptions } from "./authority.ts";

/**
 * A credential for Azure without a secret: AWS signs who this function is, Entra exchanges that for a token
 * of the identity that trusts it.
 *
 * @param tenantId directory of the identity
 * @param clientId client id of the user-assigned identity
 */
export function azureCredential(tenantId: string, clientId: string): TokenCredential {
  const sts = new STSClient({});
  const assertion = async () => {
    const { WebIdentityToken } = await sts.send(
      // The shortest useful life: the assertion is spent at once.
      new GetWebIdentityTokenCommand({
        Audience: [TOKEN_EXCHANGE_AUDIENCE],
        SigningAlgorithm: "RS256",
        DurationSeconds: 300,
      }),
    );
    if (!WebIdentityToken) throw new Error("sts:GetWebIdentityToken answered without a token");
    return WebIdentityToken;
  };
  return new ClientAssertionCredential(tenantId, clientId, assertion, authorityOptions());
}
