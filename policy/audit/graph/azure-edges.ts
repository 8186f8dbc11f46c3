import { directoryPower } from "../azure/directory-roles.ts";
import { isWithin } from "../azure/evaluate.ts";
import { azure } from "../copies/azure-ways.ts";
import type { Estate } from "../copies/estate.ts";
import type { AzureProbe } from "../copies/model.ts";
import { type AuditResource, at, textAt, UNKNOWN } from "../resources.ts";
import { can } from "./abilities.ts";
import type { MachineIdentity, MachineRole } from "./machines.ts";
import type { Graph, Node } from "./model.ts";
import { inAccount, onAzure, signedInBy } from "./principals.ts";

/** Whoever gives roles gives themselves every one. */
export const ownerOf = (scope: string) => `owner of ${scope === "/" ? "everything" : scope}`;
export const globalAdministratorOf = (directory: string) => `global administrator of ${directory}`;

const ALL = { name: "every role", actions: ["*"], notActions: [], dataActions: ["*"], notDataActions: [] };
const GRANTS = ["Microsoft.Authorization/roleAssignments/write", "Microsoft.Authorization/roleDefinitions/write"];

/** How people and machines become others on Azure. */
export function connectSubscriptions(
  graph: Graph,
  estate: Estate,
  identities: readonly MachineIdentity[],
  roles: readonly MachineRole[],
): void {
  connectDirectories(graph, estate);
  // Owners that are found here own no more than what they were found by.
  for (const node of [...graph.nodes.values()]) owns(graph, node);
  const carriers = carriersOf(estate, identities);
  for (const node of [...graph.nodes.values()]) {
    if (node.azure.length === 0) continue;
    for (const identity of identities) actsAs(graph, node, identity, carriers.get(identity.id) ?? []);
  }
  connectTrust(graph, estate, identities, roles);
}

function owns(graph: Graph, node: Node): void {
  for (const assignment of node.azure) {
    const { scope } = assignment;
    const alone = { ...node, azure: [assignment] };
    const action = GRANTS.find((each) => can(alone, azure(each, scope)));
    if (!action) continue;
    const id = ownerOf(scope);
    if (!graph.nodes.has(id)) graph.add({ id, kind: "power", aws: [], azure: [{ role: ALL, scope }] });
    graph.connect(node.id, id, `gives itself every role (${action.split("/").slice(1).join("/")}) as`);
  }
}

const IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities";

function actsAs(graph: Graph, node: Node, { id, scope }: MachineIdentity, carriers: readonly AzureProbe[]): void {
  if (can(node, azure(`${IDENTITIES}/federatedIdentityCredentials/write`, scope))) {
    graph.connect(node.id, id, "adds a trust of its own (federatedIdentityCredentials/write) and acts as");
  }
  if (can(node, azure(`${IDENTITIES}/assign/action`, scope))) {
    graph.connect(node.id, id, "puts on a machine of its own (assign/action)");
  }
  const carrier = carriers.find((each) => can(node, each));
  if (carrier)
    graph.connect(
      node.id,
      id,
      `changes what runs as it (${carrier.action.split("/").slice(1).join("/")}), and acts as`,
    );
}

/** What runs as an identity, and the actions that have it run something else. */
function carriersOf(estate: Estate, identities: readonly MachineIdentity[]): Map<string, AzureProbe[]> {
  const carriers = new Map<string, AzureProbe[]>();
  const add = (resource: AuditResource, ...actions: [action: string, data: boolean][]) => {
    for (const { id, resourceId } of identities) {
      if (!runsAs(resource, resourceId)) continue;
      const scope = estate.scopeOf(resource, textAt(resource, "id"));
      carriers.set(id, [...(carriers.get(id) ?? []), ...actions.map(([action, data]) => azure(action, scope, data))]);
    }
  };
  for (const app of estate.ofType("azure-native:web:WebApp")) {
    add(app, ["Microsoft.Web/sites/write", false], ["Microsoft.Web/sites/publish/Action", false]);
  }
  for (const set of estate.ofType("azure-native:compute:VirtualMachineScaleSet")) {
    add(set, ["Microsoft.Compute/virtualMachineScaleSets/write", false]);
  }
  for (const app of estate.ofType("azure-native:app:ContainerApp")) {
    add(app, ["Microsoft.App/containerApps/write", false]);
  }
  return carriers;
}

/** Azure takes the identities of a resource as a list and tells them as a map. */
function runsAs(resource: AuditResource, identityId: string | undefined): boolean {
  if (identityId === undefined) return false;
  const identities = at(resource, "identity", "userAssignedIdentities");
  if (typeof identities !== "object" || identities === null) return identities === UNKNOWN;
  return [...Object.keys(identities), ...Object.values(identities)].includes(identityId);
}

/** A token of a role on AWS, or of a pipeline, that an identity on Azure takes for its own sign-in. */
function connectTrust(
  graph: Graph,
  estate: Estate,
  identities: readonly MachineIdentity[],
  roles: readonly MachineRole[],
): void {
  for (const credential of estate.ofType("azure-native:managedidentity:FederatedIdentityCredential")) {
    const subject = textAt(credential, "subject");
    const named = textAt(credential, "resourceName");
    if (subject === undefined || named === undefined) {
      estate.cannotRead(credential, "whom it trusts is not known before the deployment", true);
      continue;
    }
    const from = roles.filter(({ arn }) => arn === subject).map(({ id }) => id);
    for (const [name, { subjects, aws }] of Object.entries(estate.people.principals)) {
      if (subjects.includes(subject)) from.push(name);
      for (const { arn, account } of aws) if (arn === subject) from.push(name, inAccount(name, account));
    }
    if (from.length === 0) {
      estate.cannotRead(
        credential,
        `expected to find who has the subject ${subject}, found nobody; add it to the \`subjects\` of whoever that is`,
        estate.partial,
      );
    }
    for (const { id, name } of identities) {
      if (name === named) for (const each of from) graph.connect(each, id, "is trusted as");
    }
  }
}

/** Who rules a directory: its subscriptions, all who sign in by it, and what is registered in it. */
function connectDirectories(graph: Graph, estate: Estate): void {
  const { subscriptions, principals, identityProviders } = estate.people;
  for (const directory of new Set(Object.values(subscriptions).map((each) => each.directory))) {
    const inside = Object.keys(subscriptions).filter((name) => subscriptions[name]?.directory === directory);
    const id = globalAdministratorOf(directory);
    // "Elevate access": User Access Administrator at the root, and so every role on every subscription.
    graph.add({ id, kind: "power", aws: [], azure: inside.map((scope) => ({ role: ALL, scope })) });
    for (const name of identityProviders[directory]?.administrators ?? []) graph.connect(name, id, "is");
    const registered = Object.keys(principals).filter(
      (name) => principals[name]?.kind !== "human" && hasRightsIn(graph, name, inside),
    );
    const people = Object.keys(principals).filter((name) => principals[name]?.signsInBy.includes(directory));
    for (const name of people) graph.connect(id, signedInBy(name, directory), "takes over the sign-in of");
    for (const name of registered) graph.connect(id, onAzure(name), "gives itself a credential of");

    for (const [name, { directoryRoles }] of Object.entries(principals)) {
      const powers = directoryRoles.map((role) => directoryPower(role));
      if (powers.includes("everything")) graph.connect(name, id, "is, or can make itself,");
      if (powers.includes("applications")) {
        for (const other of registered) graph.connect(name, onAzure(other), "gives itself a credential of");
      }
      if (!powers.includes("passwords")) continue;
      for (const other of people) {
        if (principals[other]?.directoryRoles.length === 0) {
          graph.connect(name, signedInBy(other, directory), "gives itself the password of");
        }
      }
    }
  }
}

function hasRightsIn(graph: Graph, name: string, subscriptions: readonly string[]): boolean {
  const { azure: assignments = [] } = graph.nodes.get(name) ?? {};
  return assignments.some(({ scope }) => subscriptions.some((each) => isWithin(scope, each) || isWithin(each, scope)));
}
