import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand, type PutObjectCommandInput, S3Client } from "@aws-sdk/client-s3";
import type { TokenCredential } from "@azure/core-auth";
import { ContainerClient } from "@azure/storage-blob";
import type { AwsCloud } from "../../rehearsal/aws/cloud.ts";
import { STORAGE_AUDIENCE } from "../../rehearsal/azure/blob-service.ts";
import { HASTE, LocalClouds } from "../../rehearsal/clouds.ts";
import type { State } from "../../rehearsal/provider/actuator.ts";
import { findMySql } from "../../rehearsal/tools/mysql.ts";
import { findMiniStack } from "../../rehearsal/tools/python.ts";

const AWS_REGION = "eu-central-1";
const GROUP = "tests";
const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

/** The rights on blobs that the product gives its writer. */
const WRITER = ["read", "write", "add/action", "tags/write"];

/** A container of the local Azure. */
export interface TestContainer {
  /** Id of the container: the scope at which rights are given. */
  id: string;
  name: string;
  /** Where the account answers, with a slash at the end. */
  blobEndpoint: string;
  /** The container as somebody sees it who may do this to blobs. */
  as(...actions: string[]): Promise<ContainerClient>;
  /** The container as the replicator sees it. */
  asWriter(): Promise<ContainerClient>;
}

/** A local AWS and a local Azure for a suite, and what its tests need in them. */
export class TestClouds {
  readonly #abort = new AbortController();
  #clouds: LocalClouds | undefined;
  #folder = "";
  #count = 0;

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "local-clouds-"));
    const { signal } = this.#abort;
    const python = await findMiniStack(() => {}, signal);
    const mysql = await findMySql(() => {}, signal);
    // Thrown outside of any test, so that the run fails whatever test is just waiting.
    const onDeath = (error: Error) => {
      setImmediate(() => {
        throw error;
      });
    };
    this.#clouds = await LocalClouds.start({ folder: this.#folder, python, mysql, pace: HASTE, signal, onDeath });
    await this.create("azure-native:resources:ResourceGroup", { resourceGroupName: GROUP });
  }

  async stop(): Promise<void> {
    this.#abort.abort(new Error("the tests are over"));
    await this.#clouds?.[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Both clouds themselves. */
  get local(): LocalClouds {
    return this.#started;
  }

  /** The local AWS, with clients of its own at each call. */
  aws(): AwsCloud {
    return this.#started.aws.connect(AWS_REGION);
  }

  /** A client of S3 that holds as few connections at once as it is told. */
  s3With(maxSockets: number): S3Client {
    const { endpoint, credentials, region } = this.aws().s3.config;
    return new S3Client({ endpoint, credentials, region, requestHandler: { httpsAgent: { maxSockets } } });
  }

  /** Makes a resource as the engine would. @param token type token of Pulumi's */
  create(token: string, inputs: Record<string, unknown>): Promise<State> {
    const { aws, azure } = this.#started;
    const provider = token.startsWith("aws:")
      ? aws.provider({ region: AWS_REGION })
      : azure.provider({ location: "germanywestcentral" });
    return provider.create(token, inputs);
  }

  /** A bucket that keeps versions, as the primary's does, unless told otherwise. */
  async bucket({ versioned = true } = {}): Promise<string> {
    const bucket = `bucket-${this.#next()}`;
    await this.create("aws:s3/bucket:Bucket", { bucket });
    if (versioned) {
      const versioningConfiguration = { status: "Enabled" };
      await this.create("aws:s3/bucketVersioning:BucketVersioning", { bucket, versioningConfiguration });
    }
    return bucket;
  }

  /** Puts an object as somebody does who writes to the primary. */
  async put(bucket: string, key: string, body: string | Buffer, more: Partial<PutObjectCommandInput> = {}) {
    await this.aws().s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...more }));
  }

  /** An empty container in an account of its own, which keeps versions, as the standby's does, unless told otherwise. */
  async container({ versioned = true } = {}): Promise<TestContainer> {
    const within = { resourceGroupName: GROUP, accountName: `account${this.#next()}` };
    const { properties } = await this.create("azure-native:storage:StorageAccount", {
      ...within,
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      allowSharedKeyAccess: false,
    });
    await this.create("azure-native:storage:BlobServiceProperties", {
      ...within,
      blobServicesName: "default",
      isVersioningEnabled: versioned,
      deleteRetentionPolicy: { enabled: true, days: 7 },
    });
    const { blob } = properties.primaryEndpoints as { blob: string };
    const name = "content";
    const { id } = await this.create("azure-native:storage:BlobContainer", { ...within, containerName: name });
    const as = async (...actions: string[]) => {
      const principalId = crypto.randomUUID();
      await this.grant(principalId, id, actions);
      return new ContainerClient(`${blob}${name}`, this.#credentialOf(principalId));
    };
    return { id, name, blobEndpoint: blob, as, asWriter: () => as(...WRITER) };
  }

  /** Gives a principal of the local Azure rights on the blobs below a scope. */
  async grant(principalId: string, scope: string, actions = WRITER): Promise<void> {
    const { resources } = this.#started.azure;
    const roleDefinitionId = resources.id(`providers/Microsoft.Authorization/roleDefinitions/${crypto.randomUUID()}`);
    const dataActions = actions.map((action) => `${BLOBS}/${action}`);
    resources.put(roleDefinitionId, { permissions: [{ actions: [], dataActions }] });
    const assignment = `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    resources.put(assignment, { principalId, roleDefinitionId, scope });
  }

  get #started(): LocalClouds {
    if (!this.#clouds) throw new Error("the clouds are used before they were started: use them in a test or a hook");
    return this.#clouds;
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }

  #credentialOf(principalId: string): TokenCredential {
    const { authority } = this.#started.azure;
    return {
      getToken: async () => ({
        token: await authority.issue(principalId, STORAGE_AUDIENCE),
        expiresOnTimestamp: Date.now() + 3_600_000,
      }),
    };
  }
}

/** Starts both clouds before the tests of a suite and stops them after it. */
export function useLocalClouds(): TestClouds {
  const clouds = new TestClouds();
  before(() => clouds.start());
  after(() => clouds.stop());
  return clouds;
}
