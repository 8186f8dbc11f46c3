import type { ContainerClient } from "@azure/storage-blob";
import type { Disaster, HandingBack, Switch } from "../../components/standby/disaster.ts";
import type { StandbyPlan, Strategy } from "../../components/standby/standby-plan.ts";
import type { Site } from "../../components/traffic/weights.ts";
import type { Standing } from "../../lambdas/containers/sweep.ts";
import type { Comparison } from "../../lambdas/secrets/drift.ts";
import { look } from "../../lambdas/secrets/sweep.ts";
import { azureOperator } from "../azure-operator.ts";
import { Control, type SeenState } from "../database/control.ts";
import { resolver } from "../names.ts";
import { type Outputs, type StackReader, textIn } from "../outputs.ts";
import { Journals } from "../runbook/journal.ts";
import type { Operator } from "../runbook/operator.ts";
import { openSecrets, secretsFollow } from "../secrets/sides.ts";
import { readStackSettings } from "../stack-files.ts";
import { containersOf } from "./containers.ts";
import { type NewestDump, newestDump } from "./database.ts";
import { type Drills, drillsIn } from "./drills.ts";
import { type Images, imagesOf } from "./images.ts";
import { type Answered, whoAnswers } from "./names.ts";
import { planIn, plannedChanges } from "./next.ts";
import { type Queued, queued } from "./objects.ts";
import { contentRpo, databaseRpo, type Rpo } from "./rpo.ts";
import { type Answering, answering, type Marked, marked } from "./sites.ts";
import { isUnknown, type Told, told } from "./told.ts";
import { type Unfinished, underWay, unfinishedIn } from "./under-way.ts";

/** All that is known of a workload's two sites at a moment. */
export interface Facts {
  workload: string;
  at: string;
  sites: Record<Site, Told<Answering>>;
  /** What the last `up` of dr declared. */
  declared: Declared;
  /** What the world sees of it. */
  seen: Record<Switch, Told<Marked>>;
  /** Who answers for the names now, by DNS. */
  names: Record<"app" | "content", Told<Answered>>;
  /** What waits, of each replication. */
  replication: Told<Record<string, Queued>>;
  /** How the copies of secrets stand; null where none follow. */
  secrets: Told<Comparison | null>;
  /** How the images of containers stand; null where none follow. */
  containers: Told<Standing[] | null>;
  /** How the standby's controller stands. */
  controller: Told<SeenState>;
  /** The newest dump that can be loaded; null when there is none. */
  dump: Told<NewestDump | null>;
  /** How the images of the servers stand; absent where they do not follow. */
  images?: Images;
  rpo: Record<"content" | "database", Rpo>;
  drills: Told<Drills>;
  /** Who is at work at the standby; null when nobody is. */
  underWay: Told<Operator | null>;
  unfinished?: Unfinished;
  /** What the next `up` of dr has to do to follow its stack file, a line each. */
  next: Told<string[]>;
}

export interface Declared {
  strategy: Strategy;
  disaster: Disaster;
  drill: boolean;
  handBack: HandingBack;
  /** The names that are declared switched. */
  markers: Switch[];
  /** Fewest servers that should stand at the standby. */
  servers: number;
}

/** How long is waited, in milliseconds: for AWS as long as leaves all done in 5 s, for Azure as long as it may take. */
const LIMITS = { aws: 2500, azure: 10_000 };

/** Milliseconds until a server of names is asked again: twice in the time that is left to AWS. */
const DNS_PATIENCE = 1000;

/** Gathers them, all at once. @param folder where the stack files are @throws Error when dr's outputs can't be read */
export async function gather(
  stacks: StackReader,
  { folder, workload }: { folder: string; workload?: string },
  signal: AbortSignal,
): Promise<Facts> {
  const at = new Date();
  const dr = await stacks.read("dr", workload);
  const [prod, link] = (["prod", "link"] as const).map((stack) =>
    told(() => stacks.read(stack, dr.workload), LIMITS.azure, signal),
  ) as [Promise<Told<Outputs>>, Promise<Told<Outputs>>];
  const { ContainerClient } = await import("@azure/storage-blob");
  const container = new ContainerClient(textIn(dr, "controlEndpoint"), await azureOperator());
  const fromAzure = <T>(look: (each: AbortSignal) => Promise<T>) => told(look, LIMITS.azure, signal);

  const controller = fromAzure((each) => new Control(container).state(each));
  const dump = fromAzure(async (each) => {
    const state = await controller;
    return (await newestDump(dr, isUnknown(state) ? [] : state.setAside, each)) ?? null;
  });
  const replication = known(link, (outputs) =>
    told((each) => queued(outputs, folder, LIMITS.aws, each), LIMITS.aws, signal),
  );
  const secrets = known(link, (outputs) => fromAzure(() => secretsOf(dr, outputs, folder)));
  const containers = known(link, (outputs) => fromAzure((each) => containersOf(outputs, folder, LIMITS, each)));
  const [state, newest, waiting] = await Promise.all([controller, dump, replication]);
  const [sites, seen, names, operations, images] = await Promise.all([
    sitesOf(dr, prod, signal),
    marked(dr, LIMITS.azure, signal),
    namesOf(dr, prod, signal),
    operationsOf(container, at, fromAzure),
    imagesOf(dr, folder, LIMITS, signal),
  ]);
  return {
    workload: dr.workload,
    at: at.toISOString(),
    sites,
    declared: declaredIn(dr),
    seen,
    names,
    replication: waiting,
    secrets: await secrets,
    containers: await containers,
    controller: state,
    dump: newest,
    ...(images && { images }),
    rpo: {
      content: contentRpo(isUnknown(waiting) ? waiting : (waiting.objects ?? { unknown: "no queue of objects" })),
      database: databaseRpo(state, newest ?? undefined, at),
    },
    ...operations,
    next: nextOf(dr, folder),
  };
}

async function secretsOf(dr: Outputs, link: Outputs, folder: string): Promise<Comparison | null> {
  if (!secretsFollow(link)) return null;
  return look(await openSecrets(dr, folder, LIMITS.aws));
}

async function sitesOf(dr: Outputs, prod: Promise<Told<Outputs>>, signal: AbortSignal): Promise<Facts["sites"]> {
  const [primary, standby] = await Promise.all([
    known(prod, (outputs) => answering(outputs, LIMITS.aws, signal)),
    answering(dr, LIMITS.aws, signal),
  ]);
  return { primary, standby };
}

async function namesOf(dr: Outputs, prod: Promise<Told<Outputs>>, signal: AbortSignal): Promise<Facts["names"]> {
  const primary = await prod;
  const asking = resolver(DNS_PATIENCE);
  const of = (label: "app" | "content") => {
    const hosts = {
      primary: isUnknown(primary) ? [] : [textIn(primary, `${label}Host`)],
      standby: [
        textIn(dr, `${label}Host`),
        ...(label === "app" && typeof dr.values.bypassHost === "string" ? [dr.values.bypassHost] : []),
      ],
    };
    return told(() => whoAnswers(textIn(dr, `${label}Name`), hosts, asking), LIMITS.aws, signal);
  };
  const [app, content] = await Promise.all([of("app"), of("content")]);
  return { app, content };
}

async function operationsOf(
  container: ContainerClient,
  now: Date,
  ask: <T>(look: (each: AbortSignal) => Promise<T>) => Promise<Told<T>>,
): Promise<Pick<Facts, "drills" | "underWay" | "unfinished">> {
  const [journals, atWork] = await Promise.all([
    ask((each) => new Journals(container).list(each)),
    ask(async (each) => (await underWay(container, each)) ?? null),
  ]);
  if (isUnknown(journals)) return { drills: journals, underWay: atWork };
  // Where it can't be told who is at work, nobody shall be told to go on.
  const unfinished = unfinishedIn(journals, atWork !== null);
  return { drills: drillsIn(journals, now), underWay: atWork, ...(unfinished && { unfinished }) };
}

/** What the last `up` of dr declared. */
export function declaredIn({ values }: Outputs): Declared {
  const { database, markers, servers } = values.plan as StandbyPlan;
  const disaster = values.declaredDisaster as Disaster;
  const moved = markers.length === 0 && disaster !== "none";
  return {
    strategy: values.strategy as Strategy,
    disaster,
    drill: disaster === "none" && database.state === "promoted",
    handBack: moved ? "move" : database.handsBack ? "copy" : "no",
    markers,
    servers: servers.min,
  };
}

function nextOf(dr: Outputs, folder: string): Told<string[]> {
  try {
    const settings = readStackSettings(folder, "dr").find(({ workload }) => workload === dr.workload);
    if (!settings) return { unknown: `Pulumi.dr.yaml has no workload ${dr.workload}` };
    return plannedChanges(dr.values.plan as StandbyPlan, planIn(settings));
  } catch (error) {
    return { unknown: (error as Error).message };
  }
}

async function known<T, R>(given: Promise<Told<T>>, next: (value: T) => Promise<Told<R>>): Promise<Told<R>> {
  const value = await given;
  return isUnknown(value) ? value : next(value);
}
