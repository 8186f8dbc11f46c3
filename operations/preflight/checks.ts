import type { TokenCredential } from "@azure/identity";
import type { ContainerClient } from "@azure/storage-blob";
import { REPLICATED } from "../../components/standby/image-reference.ts";
import { serverSizes } from "../../components/standby/server-sizes.ts";
import type { StandbyPlan } from "../../components/standby/standby-plan.ts";
import { MANAGEMENT_SCOPE, ResourceManager } from "../../lambdas/shared/resource-manager.ts";
import type { Settings } from "../../stacks/settings.ts";
import { Control } from "../database/control.ts";
import { type Outputs, type StackReader, textIn } from "../outputs.ts";
import { PROJECT_FOLDER } from "../stack-files.ts";
import { newestDump } from "../status/database.ts";
import { marked } from "../status/sites.ts";
import { isUnknown, told } from "../status/told.ts";
import { underWay } from "../status/under-way.ts";
import { lookAtContainerImage, registryOf } from "./container-image.ts";
import type { Engine } from "./engine.ts";
import { lookAtImage } from "./image.ts";
import { dependenciesIn, installedVersion, judgePackages, judgePlugins } from "./machine.ts";
import { judgeQuotas, usagesIn } from "./quota.ts";
import { judgeController, judgeDatabaseName, judgeDump, judgeMarkers, judgeUnderWay } from "./standby.ts";
import { judgeBackend, judgeClouds, judgeExport, judgePending, judgeSecrets, readExport } from "./state.ts";
import { fail, ok, type Verdict, warn } from "./verdict.ts";

/** What checks look at, found once for all of them; what fails does so for each that waits for it. */
export interface Looking {
  folder: string;
  credential: Promise<TokenCredential>;
  engine: Promise<Engine>;
  /** The exported state of dr. */
  state: Promise<string>;
  stacks: Promise<StackReader>;
  dr: Promise<Outputs>;
  settings: Promise<Settings<"dr">>;
  control: Promise<ContainerClient>;
  /** The offline export: where it is kept, and since when. */
  kept: Promise<{ file?: string; written?: { writtenAt: Date; now: boolean } }>;
  dumpHours: number;
  now: Date;
  signal: AbortSignal;
}

/** One thing that a declaration needs. */
export interface Check {
  id: string;
  title: string;
  /** What to do when it can't even be looked at. */
  mend: string;
  /** Ids of the checks that have to be able to look before this one is, the most basic first. @default none */
  needs?: readonly string[];
  look(looking: Looking): Promise<Verdict>;
}

const SIGN_IN = "`az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and a credential for it";
const OTHER_STATES = "see that the states of prod and traffic can be read from here, and that both are deployed";
const READER = "give yourself the role Reader on the subscription";

/** Milliseconds for which the states of stacks are waited for that a declaration does not need. */
const OTHERS = 20_000;

/** Milliseconds for which the markers' website is waited for. */
const MARKERS = 10_000;

/** All that a declaration needs from this machine and from Azure; AWS is needed for nothing of it. */
export const CHECKS: readonly Check[] = [
  {
    id: "sign-in",
    title: "somebody is signed in to Azure here",
    mend: SIGN_IN,
    look: async ({ credential, signal }) => {
      const token = await (await credential).getToken(MANAGEMENT_SCOPE, { abortSignal: signal });
      return token ? ok("Entra gives a token") : fail("Entra gives no token", SIGN_IN);
    },
  },
  {
    id: "engine",
    title: "the engine is installed",
    mend: 'install pulumi as its documentation says ("Download & install Pulumi")',
    look: async ({ engine }) => ok(`pulumi ${(await engine).command.version ?? "of an unknown version"}`),
  },
  {
    id: "packages",
    title: "the packages are installed",
    mend: "`npm ci`",
    look: async () => judgePackages(dependenciesIn(PROJECT_FOLDER), (name) => installedVersion(PROJECT_FOLDER, name)),
  },
  {
    id: "providers",
    title: "the engine's providers are cached",
    mend: "`pulumi plugin ls` says what is wrong",
    needs: ["engine"],
    look: async ({ engine }) => {
      const cached = await (await engine).workspace.listPlugins();
      return judgePlugins(dependenciesIn(PROJECT_FOLDER), cached, process.env.PULUMI_DEBUG_PROVIDERS);
    },
  },
  {
    id: "backend",
    title: "the state of dr is kept off AWS",
    mend: "`pulumi login azblob://<container>?storage_account=<account>`",
    needs: ["engine", "sign-in"],
    look: async ({ engine }) => judgeBackend((await (await engine).workspace.whoAmI()).url ?? ""),
  },
  {
    id: "secrets",
    title: "the secrets of dr are opened off AWS",
    mend: "see Pulumi.dr.yaml",
    needs: ["engine"],
    look: async ({ engine }) => {
      const { secretsProvider, encryptionSalt } = await (await engine).workspace.stackSettings("dr");
      return judgeSecrets(secretsProvider, encryptionSalt !== undefined);
    },
  },
  {
    id: "outputs",
    title: "dr can be read",
    mend: "`pulumi login` where its state is kept, and `pulumi up --stack dr`",
    needs: ["engine", "sign-in", "backend"],
    look: async ({ dr }) => ok(`workload ${(await dr).workload}`),
  },
  {
    id: "settings",
    title: "the stack file of dr is right",
    mend: "put Pulumi.dr.yaml right: an `up` would refuse it",
    needs: ["outputs"],
    look: async ({ settings }) => ok(`it has the workload ${(await settings).workload}`),
  },
  {
    id: "clouds",
    title: "dr has nothing of AWS",
    mend: "`pulumi stack export --stack dr` says what is wrong",
    needs: ["outputs"],
    look: async ({ state }) => judgeClouds(readExport(await state)),
  },
  {
    id: "pending",
    title: "no engine was killed at dr",
    mend: "`pulumi stack export --stack dr` says what is wrong",
    needs: ["clouds"],
    look: async ({ state }) => judgePending(readExport(await state)),
  },
  {
    id: "export",
    title: "an export of dr's state is kept",
    mend: "name another file with --export",
    needs: ["clouds"],
    look: async ({ kept, state, now }) => {
      const { file, written } = await kept;
      // None can be made of a state that can't be read, and that is what is to be mended.
      if (file !== undefined && !written) await state;
      return judgeExport(file, written, now);
    },
  },
  {
    id: "controller",
    title: "the controller is alive",
    mend: "give yourself the role Storage Blob Data Reader on the standby's resource group",
    needs: ["sign-in", "outputs"],
    look: async ({ control, now, signal }) => judgeController(await new Control(await control).state(signal), now),
  },
  {
    id: "dump",
    title: "a dump of the database can be loaded",
    mend: "give yourself the role Storage Blob Data Reader on the standby's resource group",
    needs: ["sign-in", "outputs"],
    look: async ({ dr, control, dumpHours, now, signal }) => {
      // What the controller has set aside is none; where it can't be asked, that is told already.
      const state = await new Control(await control).state(signal).catch(() => undefined);
      return judgeDump(await newestDump(await dr, state?.setAside ?? [], signal), dumpHours, now);
    },
  },
  {
    id: "image",
    title: "what serves has an image",
    mend: `${READER}, and with containers AcrPull on the standby's registry`,
    needs: ["sign-in", "settings", "outputs"],
    look: async ({ credential, settings, dr, signal }) => {
      const { standbyImage, webTier, containerImage } = await settings;
      if (webTier === "containers") {
        return lookAtContainerImage(registryOf(await dr, await credential), containerImage);
      }
      // A standby that was deployed before images followed has none, and needs none.
      const replicated = standbyImage === REPLICATED ? textIn(await dr, "imageDefinitionId") : "";
      return lookAtImage(new ResourceManager(await credential), standbyImage, replicated, signal);
    },
  },
  {
    id: "quota",
    title: "all servers may be had",
    mend: READER,
    needs: ["sign-in", "settings"],
    look: async ({ credential, settings, dr, signal }) => {
      const { standbyServerSize, otherServerSizes, serversMax, webTier } = await settings;
      const { "azure-native:location": location } = await settings;
      if (webTier === "containers") return ok("containers take nothing of the quota of servers");
      const [, subscription = ""] = /^\/subscriptions\/([^/]+)/.exec(textIn(await dr, "resourceGroupId")) ?? [];
      const usages = await usagesIn(new ResourceManager(await credential), subscription, location, signal);
      const { servers } = (await dr).values.plan as StandbyPlan;
      const sizes = serverSizes(standbyServerSize, otherServerSizes);
      return judgeQuotas(sizes, { standing: servers.min, most: serversMax }, usages, location);
    },
  },
  {
    id: "markers",
    title: "the markers can be read",
    mend: "look at the storage account of dr's markers",
    needs: ["outputs"],
    look: async ({ dr, signal }) => judgeMarkers(await marked(await dr, MARKERS, signal)),
  },
  {
    id: "database-name",
    title: "the primary's servers would follow its database",
    mend: OTHER_STATES,
    needs: ["outputs"],
    look: async ({ stacks, dr, signal }) => {
      const { workload } = await dr;
      const names = await told(async () => namesOfDatabase(await stacks, workload), OTHERS, signal);
      // A declaration goes through without them, whoever it moves.
      return isUnknown(names) ? warn(`can't be told: ${names.unknown}`, OTHER_STATES) : judgeDatabaseName(names);
    },
  },
  {
    id: "under-way",
    title: "nobody is at work",
    mend: "give yourself the role Storage Blob Data Contributor on dr's control container",
    needs: ["sign-in", "outputs"],
    look: async ({ control, signal }) => judgeUnderWay(await underWay(await control, signal)),
  },
];

/** By what name traffic moves the database, and prod's servers ask for it. */
async function namesOfDatabase(stacks: StackReader, workload: string): Promise<{ traffic?: string; prod?: string }> {
  const [traffic, prod] = await Promise.all([stacks.read("traffic", workload), stacks.read("prod", workload)]);
  const { database } = (traffic.values.names ?? {}) as { database?: string };
  return { traffic: database, prod: prod.values.databaseHostName as string | undefined };
}
