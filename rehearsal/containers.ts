import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { OCI_MANIFEST } from "../lambdas/containers/manifest.ts";
import { Registry } from "../lambdas/containers/registry.ts";
import { behindIn, readStandings } from "../operations/status/containers.ts";
import type { Deployment } from "./deployment.ts";
import type { Report } from "./tools/run.ts";

/** Between two looks, in milliseconds. */
const LOOK = 500;

/** How long an image of a few bytes may take to the standby, in milliseconds: a queue and a cold start on two busy cores. */
const PATIENCE = 120_000;

/**
 * Pushes an image of containers at the primary, as a pipeline does, and waits until it is at the standby.
 *
 * @returns how long it took, in seconds @throws Error when it does not get there
 */
export async function carryContainer(
  deployment: Deployment,
  repository: string,
  tag: string,
  report: Report,
): Promise<number> {
  const { url, authorization } = deployment.stage.clouds.aws.registry;
  const primary = new Registry(url, { header: async () => authorization, forget: () => {} });
  await pushImage(primary, repository, tag);
  const started = performance.now();
  while ((await behind(deployment)).includes(`${repository}:${tag}`)) {
    report(`${repository}:${tag} is on its way`);
    if (performance.now() - started > PATIENCE) {
      throw new Error(
        `expected ${repository}:${tag} at the standby within ${PATIENCE / 1000} s, found it missing still`,
      );
    }
    await delay(LOOK, undefined, { signal: deployment.signal });
  }
  return (performance.now() - started) / 1000;
}

/** An image with nothing in it but a file of nothing: what is started here is the rehearsal's own app. */
async function pushImage(registry: Registry, repository: string, tag: string): Promise<void> {
  const layer = Buffer.alloc(1024);
  const config = Buffer.from(JSON.stringify({ architecture: "amd64", os: "linux", rootfs: { type: "layers" } }));
  for (const blob of [layer, config]) {
    await registry.finish(repository, await registry.beginUpload(repository), digestOf(blob), blob);
  }
  const described = (blob: Buffer, kind: string) => ({
    ...{ mediaType: `application/vnd.oci.image.${kind}`, digest: digestOf(blob), size: blob.length },
  });
  const manifest = {
    ...{ schemaVersion: 2, mediaType: OCI_MANIFEST },
    config: described(config, "config.v1+json"),
    layers: [described(layer, "layer.v1.tar")],
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  await registry.putManifest(repository, tag, { mediaType: OCI_MANIFEST, bytes });
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** What is not at the standby yet, as the function that carries it tells. */
async function behind(deployment: Deployment): Promise<string[]> {
  const { lambda } = deployment.stage.clouds.aws.connect(deployment.output("prod", "region"));
  const FunctionName = deployment.output("link", "containersFunctionName");
  const command = new InvokeCommand({ FunctionName, Payload: JSON.stringify({ compare: true }) });
  const { Payload } = await lambda.send(command, { abortSignal: deployment.signal });
  return behindIn(readStandings(Buffer.from(Payload ?? []).toString()));
}

/** Images that the standby's replicas were started from, one for each. */
export async function imagesServed(deployment: Deployment): Promise<string[]> {
  const { azure } = deployment.stage.clouds;
  const apps = azure.resources.list("Microsoft.App/containerApps");
  const replicas = apps.flatMap(({ id }) => azure.containerApps.replicasOf(id));
  const path = deployment.output("dr", "healthPath");
  return Promise.all(
    replicas.map(async ({ target: { host, port } }) => {
      const answer = await fetch(`http://${host}:${port}${path}`, { signal: deployment.signal });
      return String(((await answer.json()) as { version?: string }).version);
    }),
  );
}
