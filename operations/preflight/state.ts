import { span } from "../database/units.ts";
import { fail, ok, type Verdict, warn } from "./verdict.ts";

const MOVE =
  "`pulumi stack export`, then `pulumi login azblob://<container>?storage_account=<account>`, then `pulumi stack import`";

/** Whether the state of dr is where it can be reached without AWS. @param url of the backend, as `pulumi whoami` tells it */
export function judgeBackend(url: string): Verdict {
  if (url.startsWith("azblob://")) return ok(`in Azure Blob, ${url}`);
  if (url.startsWith("s3://")) return fail(`in S3, ${url}: gone together with AWS`, MOVE);
  if (url.startsWith("file://")) return warn(`kept on this machine, ${url}: nobody else could declare`, MOVE);
  if (url.startsWith("gs://")) return warn(`in ${url}: a third cloud that has to live on that day`, MOVE);
  return warn(`at a service, ${url}, which has to live on that day: find out on which cloud it runs`, MOVE);
}

const CHANGE = '`pulumi stack change-secrets-provider --stack dr "azurekeyvault://<vault>.vault.azure.net/keys/<key>"`';

/** Whether the secrets of dr can be opened without AWS. @param provider as Pulumi.dr.yaml has it; without one it is the engine's own */
export function judgeSecrets(provider: string | undefined, salt: boolean): Verdict {
  if (provider?.startsWith("azurekeyvault://")) return ok(`by Azure Key Vault, ${provider}`);
  if (provider?.startsWith("awskms://")) return fail(`by KMS, ${provider}: shut together with AWS`, CHANGE);
  if (provider === "passphrase" || (provider === undefined && salt)) {
    const found = "by a passphrase, which whoever declares must know (PULUMI_CONFIG_PASSPHRASE)";
    return warn(found, CHANGE);
  }
  return warn(`by ${provider ?? "the backend's own service"}, which has to live on that day`, CHANGE);
}

/** What of an exported state is looked at. */
interface Deployment {
  resources?: { urn: string; type: string }[];
  pending_operations?: { resource: { urn: string }; type: string }[];
}

/** @throws Error when it is no export of a stack's state */
export function readExport(text: string): Deployment {
  const { deployment } = JSON.parse(text) as { deployment?: Deployment };
  if (deployment) return deployment;
  throw new Error("expected the export of a stack, with a deployment in it, found none");
}

/** Whether an `up` of dr would have to ask AWS. */
export function judgeClouds({ resources = [] }: Deployment): Verdict {
  const foreign = resources.filter(({ type }) =>
    /^(pulumi:providers:aws|aws(-native)?:)|^pulumi:pulumi:StackReference$/.test(type),
  );
  if (resources.length === 0) return fail("nothing is deployed", "`pulumi up --stack dr`");
  if (foreign.length === 0) return ok(`${resources.length} resources, none of AWS`);
  const named = foreign.slice(0, 3).map(({ urn }) => urn.split("::").slice(2).join("::"));
  const mend = "move them to another stack: what dr has of AWS keeps it from coming up when AWS is dead";
  return fail(`${foreign.length} of AWS or of other stacks: ${named.join(", ")}`, mend);
}

/** Whether an engine was killed while it was at work at dr. */
export function judgePending({ pending_operations: pending }: Deployment): Verdict {
  if (!pending?.length) return ok("nothing was left half-way");
  const names = pending
    .slice(0, 3)
    .map(({ type, resource }) => `${type} ${resource.urn.split("::").slice(3).join("::")}`);
  return warn(`left half-way: ${names.join(", ")}`, "`pulumi refresh --stack dr`, as long as there is time for it");
}

/** An export should be as new as what it stands in for; a day is a night's check. In milliseconds. */
const EXPORT_AGE = 26 * 3_600_000;

/** Whether a copy of the state is kept where no backend is needed. @param kept when it was written; undefined when it was not */
export function judgeExport(
  file: string | undefined,
  kept: { writtenAt: Date; now: boolean } | undefined,
  now: Date,
): Verdict {
  const mend = "`npm run dr -- preflight --export <file>` each night, the file kept off AWS and off this machine too";
  if (file === undefined) return warn("none was named", mend);
  if (!kept) return fail(`none in ${file}`, mend);
  const age = now.getTime() - kept.writtenAt.getTime();
  if (kept.now) return ok(`written to ${file} now`);
  const found = `${file} is ${span(age)} old, and can't be written anew`;
  return age > EXPORT_AGE ? warn(found, mend) : ok(found);
}
