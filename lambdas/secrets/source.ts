import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  type Tag,
} from "@aws-sdk/client-secrets-manager";
import { copyValueOf } from "./copy-value.ts";
import { type CopyValue, REPLICATE_TAG, type SourceSecret } from "./secret-state.ts";

const CURRENT = "AWSCURRENT";

/** What the calls that describe a secret have in common. */
interface Described {
  ARN?: string;
  Name?: string;
  Tags?: Tag[];
  DeletedDate?: Date;
  stages?: Record<string, string[]>;
}

/** The secrets of the primary. */
export class Source {
  readonly #client: SecretsManagerClient;

  constructor(client: SecretsManagerClient) {
    this.#client = client;
  }

  /** A secret by its name or ARN; undefined when there is none. */
  async find(SecretId: string): Promise<SourceSecret | undefined> {
    try {
      const found = await this.#client.send(new DescribeSecretCommand({ SecretId }));
      return secretOf({ ...found, stages: found.VersionIdsToStages });
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  /** The value of a secret's current version. @throws Permanent when a vault can't hold it */
  async read({ name, version }: SourceSecret): Promise<CopyValue> {
    const command = new GetSecretValueCommand({ SecretId: name, VersionId: version });
    const { SecretString: text, SecretBinary: binary } = await this.#client.send(command);
    if (text !== undefined) return copyValueOf({ text });
    if (binary !== undefined) return copyValueOf({ binary });
    throw new Error(`the version ${version} of ${name} came without a value`);
  }

  /** All secrets that have the tag which lets across, with those that are marked for deletion. */
  async list(): Promise<SourceSecret[]> {
    const secrets: SourceSecret[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.#client.send(
        new ListSecretsCommand({
          Filters: [{ Key: "tag-key", Values: [REPLICATE_TAG] }],
          IncludePlannedDeletion: true,
          MaxResults: 100,
          NextToken,
        }),
      );
      const found = page.SecretList ?? [];
      secrets.push(...found.map((each) => secretOf({ ...each, stages: each.SecretVersionsToStages })));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return secrets;
  }
}

function secretOf({ ARN = "", Name = "", Tags = [], DeletedDate, stages = {} }: Described): SourceSecret {
  const [version] = Object.entries(stages).find(([, labels]) => labels.includes(CURRENT)) ?? [];
  return {
    name: Name,
    id: ARN.slice(-6),
    ...(version !== undefined && { version }),
    tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
    deleted: DeletedDate !== undefined,
  };
}
