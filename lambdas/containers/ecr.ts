import { type ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import type { Authorization } from "./authorization.ts";

/** A token is renewed so long before it ends, in milliseconds; it lasts 12 hours ("GetAuthorizationToken"). */
const RENEW_BEFORE = 30 * 60_000;

/** AWS's registry of one account, as whoever may ask it. */
export class EcrAuthorization implements Authorization {
  readonly #client: ECRClient;
  #token: Promise<Token> | undefined;

  constructor(client: ECRClient) {
    this.#client = client;
  }

  /** Where the registry answers. @example "https://111122223333.dkr.ecr.eu-west-1.amazonaws.com" */
  async origin(): Promise<string> {
    return (await this.#fresh()).origin;
  }

  async header(): Promise<string> {
    return `Basic ${(await this.#fresh()).value}`;
  }

  forget(): void {
    this.#token = undefined;
  }

  async #fresh(): Promise<Token> {
    const known = await this.#token;
    if (known && Date.now() < known.renewAt) return known;
    // One renewal at a time, whoever asks; one that fails is not kept.
    const renewal = this.#ask();
    this.#token = renewal;
    renewal.catch(() => {
      if (this.#token === renewal) this.#token = undefined;
    });
    return renewal;
  }

  async #ask(): Promise<Token> {
    const { authorizationData: [found] = [] } = await this.#client.send(new GetAuthorizationTokenCommand({}));
    const { authorizationToken: value, proxyEndpoint: origin, expiresAt } = found ?? {};
    if (!value || !origin) throw new Error("ecr:GetAuthorizationToken answered without a token or a registry");
    return { value, origin, renewAt: (expiresAt?.getTime() ?? 0) - RENEW_BEFORE };
  }
}

interface Token {
  value: string;
  origin: string;
  renewAt: number;
}
